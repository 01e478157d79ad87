terraform {
  # terraform_data is built in, so that init downloads nothing.
  required_version = ">= 1.7"

  # Where the state lies is said at init.
  backend "local" {}
}
