locals {
  name     = "${var.application}-${var.colour}"
  capacity = var.running ? var.capacity : 0
  tags = merge(
    var.tags,
    { Application = var.application, Colour = var.colour, Version = var.app_version },
    var.release == null ? {} : { Release = var.release },
  )
  # Another release of the same version must not replace what runs, so the template's data know nothing of it; what
  # starts later has it from the group.
  launch_tags = merge({ for name, value in local.tags : name => value if name != "Release" }, { Name = local.name })
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

resource "aws_launch_template" "this" {
  # A template for each version, so that the old group has what it was made of until it is gone.
  name_prefix            = "${local.name}-${replace(var.app_version, "/[^A-Za-z0-9.]/", "-")}-"
  image_id               = var.ami_id
  instance_type          = var.instance_type
  vpc_security_group_ids = var.security_group_ids
  user_data              = base64encode(module.machine.user_data)
  update_default_version = true
  tags                   = local.tags

  iam_instance_profile {
    name = module.machine.instance_profile
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }

  dynamic "tag_specifications" {
    for_each = ["instance", "volume", "network-interface"]
    content {
      resource_type = tag_specifications.value
      tags          = local.launch_tags
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

# A new group beside the old one for each change of the template: it must be healthy before the old one goes. Names are
# made up by Terraform, so that an attempt that failed is not in the way of the next one.
#
# When a group goes, it takes its instances out of the target group, waits for the deregistration delay, and only then
# ends them.
resource "aws_autoscaling_group" "this" {
  name_prefix               = aws_launch_template.this.name_prefix
  min_size                  = local.capacity
  max_size                  = local.capacity
  desired_capacity          = local.capacity
  vpc_zone_identifier       = var.subnet_ids
  target_group_arns         = [var.target_group_arn]
  health_check_type         = "ELB"
  health_check_grace_period = 60
  wait_for_elb_capacity     = local.capacity
  wait_for_capacity_timeout = "${var.wait_timeout}s"

  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }

  dynamic "tag" {
    for_each = merge(local.tags, { Name = local.name })
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }

  timeouts {
    # The longest deregistration delay, and some.
    delete = "75m"
  }

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [aws_launch_template.this.id, aws_launch_template.this.latest_version]
  }
}
