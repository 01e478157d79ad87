# PostgreSQL on RDS, named as the application. RDS makes the password, keeps it in Secrets Manager and renews it every
# seven days: what runs longer must ask for it again when a new connection is refused.

locals {
  tags = { Application = var.application }
}

resource "aws_db_subnet_group" "this" {
  name       = var.application
  subnet_ids = var.subnet_ids
  tags       = local.tags
}

resource "aws_security_group" "this" {
  name        = "${var.application}-database"
  description = "Database of ${var.application}"
  vpc_id      = var.vpc_id
  tags        = merge(local.tags, { Name = "${var.application}-database" })
}

resource "aws_vpc_security_group_ingress_rule" "application" {
  count                        = length(var.client_security_group_ids)
  security_group_id            = aws_security_group.this.id
  description                  = "Both colours"
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  referenced_security_group_id = var.client_security_group_ids[count.index]
  tags                         = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "agent" {
  for_each          = var.agent_cidrs
  security_group_id = aws_security_group.this.id
  description       = "Pitstop"
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_ipv4         = each.key
  tags              = local.tags
}

resource "aws_db_instance" "this" {
  identifier                   = var.application
  engine                       = "postgres"
  engine_version               = var.engine_version
  instance_class               = var.instance_class
  allocated_storage            = var.storage_gib
  storage_type                 = "gp3"
  storage_encrypted            = true
  db_name                      = replace(var.application, "-", "_")
  username                     = "pitstop"
  manage_master_user_password  = true
  db_subnet_group_name         = aws_db_subnet_group.this.name
  vpc_security_group_ids       = [aws_security_group.this.id]
  multi_az                     = var.multi_az
  backup_retention_period      = 7
  performance_insights_enabled = true
  copy_tags_to_snapshot        = true
  auto_minor_version_upgrade   = true
  deletion_protection          = var.deletion_protection
  skip_final_snapshot          = !var.deletion_protection
  final_snapshot_identifier    = var.deletion_protection ? "${var.application}-final" : null
  tags                         = local.tags
}
