# What a load balancer of the emulator needs for one application: listener, target groups, alarms. The load balancer and
# its VPC are there already, because the provider waits a minute for each that it makes.
module "traffic" {
  source = "../../traffic"

  application       = var.application
  initial_live      = var.initial_live
  vpc_id            = var.vpc_id
  load_balancer_arn = var.load_balancer_arn
  test_cidrs        = ["127.0.0.0/8"]
  target_type       = "ip"

  # An emulator forgets requests as soon as they are answered.
  deregistration_delay = 1
}
