# One colour at one version. It finds what it needs by name and by tag, so that its state and that of the traffic, or of
# the other colour, never touch.

data "aws_lb_target_group" "this" {
  name = "${var.application}-${var.colour}"
}

data "aws_lb" "this" {
  name = var.load_balancer
}

data "aws_lb_listener" "test" {
  load_balancer_arn = data.aws_lb.this.arn
  port              = var.test_ports[var.colour]
}

data "aws_subnets" "this" {
  filter {
    name   = "vpc-id"
    values = [data.aws_lb.this.vpc_id]
  }
  filter {
    name   = "tag:Name"
    values = [var.subnets]
  }
}

data "aws_security_group" "targets" {
  vpc_id = data.aws_lb.this.vpc_id
  name   = "${var.application}-targets"
}

module "environment" {
  source             = "../../../environment/ecs"
  application        = var.application
  colour             = var.colour
  app_version        = var.app_version
  release            = var.release
  running            = var.running
  capacity           = var.capacity
  target_group_arn   = data.aws_lb_target_group.this.arn
  url                = "${lower(data.aws_lb_listener.test.protocol)}://${coalesce(var.hostname, data.aws_lb.this.dns_name)}:${var.test_ports[var.colour]}"
  subnet_ids         = sort(data.aws_subnets.this.ids)
  security_group_ids = [data.aws_security_group.targets.id]
  wait_timeout       = var.wait_timeout
  image              = var.image
}
