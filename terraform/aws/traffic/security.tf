resource "aws_security_group" "load_balancer" {
  count       = local.makes_balancer ? 1 : 0
  name        = "${var.application}-load-balancer"
  description = "Load balancer of ${var.application}"
  vpc_id      = var.vpc_id
  tags        = merge(local.tags, { Name = "${var.application}-load-balancer" })
}

resource "aws_vpc_security_group_ingress_rule" "users" {
  for_each          = local.makes_balancer ? var.user_cidrs : []
  security_group_id = aws_security_group.load_balancer[0].id
  description       = "Users"
  ip_protocol       = "tcp"
  from_port         = local.port
  to_port           = local.port
  cidr_ipv4         = each.key
  tags              = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "test" {
  for_each = local.makes_balancer ? {
    for pair in setproduct(local.colours, var.test_cidrs) : join(" ", pair) => { colour = pair[0], cidr = pair[1] }
  } : {}
  security_group_id = aws_security_group.load_balancer[0].id
  description       = "Checks of ${each.value.colour}"
  ip_protocol       = "tcp"
  from_port         = var.test_ports[each.value.colour]
  to_port           = var.test_ports[each.value.colour]
  cidr_ipv4         = each.value.cidr
  tags              = local.tags
}

resource "aws_vpc_security_group_egress_rule" "load_balancer" {
  count                        = local.makes_balancer ? 1 : 0
  security_group_id            = aws_security_group.load_balancer[0].id
  description                  = "Targets"
  ip_protocol                  = "tcp"
  from_port                    = var.target_port
  to_port                      = var.target_port
  referenced_security_group_id = aws_security_group.targets.id
  tags                         = local.tags
}

resource "aws_security_group" "targets" {
  name        = "${var.application}-targets"
  description = "Both colours of ${var.application}"
  vpc_id      = var.vpc_id
  tags        = merge(local.tags, { Name = "${var.application}-targets" })
}

# By position, as the id of a group that is made here is not known before apply.
resource "aws_vpc_security_group_ingress_rule" "targets" {
  count                        = length(local.security_groups)
  security_group_id            = aws_security_group.targets.id
  description                  = "Load balancer"
  ip_protocol                  = "tcp"
  from_port                    = var.target_port
  to_port                      = var.target_port
  referenced_security_group_id = local.security_groups[count.index]
  tags                         = local.tags
}

resource "aws_vpc_security_group_egress_rule" "targets" {
  security_group_id = aws_security_group.targets.id
  description       = "Database and whatever else the application calls"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
  tags              = local.tags
}
