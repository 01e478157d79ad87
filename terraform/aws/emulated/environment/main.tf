# One colour: a process on this machine, registered with the emulator as a target of its colour.
module "process" {
  source = "../../../local/environment"

  application = var.application
  colour      = var.colour
  app_version = var.app_version
  command     = var.command
  blue_port   = var.blue_port
  green_port  = var.green_port
  run_dir     = var.run_dir
}

data "aws_lb_target_group" "colour" {
  name = "${var.application}-${var.colour}"
}

# Registered once the process listens, and taken away before it ends.
resource "aws_lb_target_group_attachment" "process" {
  target_group_arn  = data.aws_lb_target_group.colour.arn
  target_id         = "127.0.0.1"
  port              = var.colour == "blue" ? var.blue_port : var.green_port
  availability_zone = "all"

  depends_on = [module.process]
}
