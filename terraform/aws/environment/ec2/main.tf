locals {
  name  = "${var.application}-${var.colour}"
  count = var.running ? var.capacity : 0
  tags = merge(
    var.tags,
    { Application = var.application, Colour = var.colour, Version = var.app_version },
    var.release == null ? {} : { Release = var.release },
  )
}

module "machine" {
  source = "../machine"

  application              = var.application
  colour                   = var.colour
  app_version              = var.app_version
  port                     = var.port
  environment              = var.environment
  secrets                  = var.secrets
  start                    = var.start
  log_retention_days       = var.log_retention_days
  permissions_boundary_arn = var.permissions_boundary_arn
  tags                     = local.tags
}

data "aws_lb_target_group" "this" {
  arn = var.target_group_arn
}

# Another version replaces the instances: the old ones are drained and ended before the new ones start, which is why
# only the idle colour gets another version. There are never more of them than the capacity.
resource "aws_instance" "this" {
  count                       = local.count
  ami                         = var.ami_id
  instance_type               = var.instance_type
  subnet_id                   = var.subnet_ids[count.index % length(var.subnet_ids)]
  vpc_security_group_ids      = var.security_group_ids
  iam_instance_profile        = module.machine.instance_profile
  user_data                   = module.machine.user_data
  user_data_replace_on_change = true
  tags                        = merge(local.tags, { Name = "${local.name}-${count.index}" })
  volume_tags                 = local.tags

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }
}

# Stands between a target and its instance: what was taken out of the target group may finish its requests before the
# instance ends.
resource "terraform_data" "drain" {
  count            = local.count
  input            = data.aws_lb_target_group.this.deregistration_delay
  triggers_replace = aws_instance.this[count.index].id

  provisioner "local-exec" {
    when    = destroy
    quiet   = true
    command = "exec sleep \"$DEREGISTRATION_DELAY\""
    environment = {
      DEREGISTRATION_DELAY = self.input
    }
  }
}

resource "aws_lb_target_group_attachment" "this" {
  count            = local.count
  target_group_arn = var.target_group_arn
  target_id        = aws_instance.this[count.index].id
  port             = var.port
  depends_on       = [terraform_data.drain]
}

# The provider does not wait for a target to become healthy: the load balancer gives an answer of the application as
# soon as one is. That all of them are, Pitstop sees to.
resource "terraform_data" "healthy" {
  count            = var.running && var.wait_timeout > 0 ? 1 : 0
  triggers_replace = [aws_lb_target_group_attachment.this[*].id]

  provisioner "local-exec" {
    quiet   = true
    command = "exec sh \"$PITSTOP_SCRIPT\""
    environment = {
      PITSTOP_SCRIPT = "${path.module}/healthy.sh"
      ADDRESS        = "${var.url}${data.aws_lb_target_group.this.health_check[0].path}"
      TIMEOUT        = var.wait_timeout
    }
  }
}
