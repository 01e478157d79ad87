terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.100" }
  }

  # Where the state lies is said at init.
  backend "local" {}
}

provider "aws" {
  max_retries = 2
}
