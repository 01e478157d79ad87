# What both colours share, and what outlives every release: network, database, load balancer.

module "network" {
  source      = "../../network"
  application = var.application
  cidr        = var.vpc_cidr
}

module "traffic" {
  source              = "../../../traffic"
  application         = var.application
  initial_live        = var.initial_live
  vpc_id              = module.network.vpc_id
  subnet_ids          = module.network.public_subnet_ids
  target_type         = "instance"
  certificate_arn     = var.certificate_arn
  hostname            = var.hostname
  test_cidrs          = var.agent_cidrs
  deletion_protection = var.deletion_protection
}

module "database" {
  source                    = "../../database"
  application               = var.application
  vpc_id                    = module.network.vpc_id
  subnet_ids                = module.network.private_subnet_ids
  client_security_group_ids = module.traffic.security_group_ids
  agent_cidrs               = var.agent_cidrs
  deletion_protection       = var.deletion_protection
}

module "agent_policy" {
  source        = "../../../agent-policy"
  application   = var.application
  listener_arns = [module.traffic.listener]
  secret_arns   = [module.database.secret]
  create        = true
}
