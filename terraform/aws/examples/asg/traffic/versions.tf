terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  # terraform init -backend-config=bucket=… -backend-config=key=blog/traffic.tfstate -backend-config=region=…
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  max_retries = var.aws_max_retries

  dynamic "default_tags" {
    for_each = length(var.default_tags) == 0 ? [] : [var.default_tags]
    content {
      tags = default_tags.value
    }
  }
}
