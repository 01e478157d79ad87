# One colour at one version. It finds what it needs by name and by tag, so that its state and that of the traffic, or of
# the other colour, never touch.

data "aws_lb_target_group" "this" {
  name = "${var.application}-${var.colour}"
}

data "aws_lb" "this" {
  name = var.application
}

data "aws_lb_listener" "test" {
  load_balancer_arn = data.aws_lb.this.arn
  port              = var.test_ports[var.colour]
}

data "aws_vpc" "this" {
  tags = { Application = var.application }
}

data "aws_subnets" "this" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.this.id]
  }
  tags = { Tier = "private" }
}

data "aws_security_group" "targets" {
  vpc_id = data.aws_vpc.this.id
  name   = "${var.application}-targets"
}

data "aws_db_instance" "this" {
  db_instance_identifier = var.application
}

module "environment" {
  source             = "../../../environment/asg"
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
  ami_id             = var.ami_id
  start              = file("${path.module}/start.sh")

  environment = {
    # Pitstop counts each colour's sessions by that name.
    DB_URL = "jdbc:postgresql://${data.aws_db_instance.this.endpoint}/${data.aws_db_instance.this.db_name}?ApplicationName=${var.application}-${var.colour}"
  }
  secrets = {
    DB_USER     = "${data.aws_db_instance.this.master_user_secret[0].secret_arn}:username::"
    DB_PASSWORD = "${data.aws_db_instance.this.master_user_secret[0].secret_arn}:password::"
  }
}
