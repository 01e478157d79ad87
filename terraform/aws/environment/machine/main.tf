# What asg and ec2 have in common: what an instance does at its first boot, and what it may do.

locals {
  name = "${var.application}-${var.colour}"
  variables = merge(var.environment, {
    APPLICATION        = var.application
    COLOUR             = var.colour
    APP_VERSION        = var.app_version
    PORT               = tostring(var.port)
    LOG_GROUP          = aws_cloudwatch_log_group.this.name
    AWS_DEFAULT_REGION = data.aws_region.current.name
  })
  secrets = {
    for name, arn in var.secrets : name => {
      # A secret's ARN has seven parts; the next says which value of it is meant.
      arn = join(":", slice(split(":", arn), 0, min(7, length(split(":", arn)))))
      key = try(split(":", arn)[7], "")
    }
  }
  secret_arns = sort(distinct([for secret in values(local.secrets) : secret.arn]))
}

data "aws_region" "current" {}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/pitstop/${var.application}/${var.colour}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

resource "aws_iam_role" "this" {
  name                 = local.name
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "run"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.this.arn}:*"]
      }],
      length(local.secret_arns) == 0 ? [] : [{
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue", "ssm:GetParameter"]
        Resource = local.secret_arns
      }],
    )
  })
}

resource "aws_iam_instance_profile" "this" {
  name = local.name
  role = aws_iam_role.this.name
  tags = var.tags
}
