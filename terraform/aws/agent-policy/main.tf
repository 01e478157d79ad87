data "aws_partition" "current" {}

locals {
  # What the agent calls, by what it is for. A test compares the list with the calls that were recorded.
  actions = jsondecode(file("${path.module}/actions.json"))

  # What AWS can limit to some resources, and to which; everything else of the list is asked for as a whole.
  limited = {
    "elasticloadbalancing:ModifyListener" = var.listener_arns
    "elasticloadbalancing:ModifyRule"     = var.rule_arns
    "route53:ChangeResourceRecordSets"    = local.zones
    "route53:ListResourceRecordSets"      = local.zones
    "route53:GetChange"                   = length(local.zones) == 0 ? [] : ["arn:${data.aws_partition.current.partition}:route53:::change/*"]
    "secretsmanager:GetSecretValue"       = var.secret_arns
    "ssm:GetParameter"                    = var.parameter_arns
    "sts:AssumeRole"                      = var.role_arns
  }
  zones = [for id in var.hosted_zone_ids : "arn:${data.aws_partition.current.partition}:route53:::hostedzone/${id}"]

  # The agent does not call it: Secrets Manager and SSM do, in its name, where a key of one's own encrypts what it reads.
  decryption = length(var.kms_key_arns) == 0 ? [] : [{ Effect = "Allow", Action = ["kms:Decrypt"], Resource = var.kms_key_arns }]

  # Of no use without a zone.
  unused    = length(local.zones) == 0 ? ["route53:GetHealthCheck", "route53:GetHealthCheckStatus"] : []
  unlimited = sort([for action in flatten(values(local.actions)) : action if !contains(concat(keys(local.limited), local.unused), action)])

  statements = concat(
    [{ Effect = "Allow", Action = local.unlimited, Resource = ["*"] }],
    [
      for action in sort(flatten(values(local.actions))) : merge(
        { Effect = "Allow", Action = [action], Resource = local.limited[action] },
        action == "route53:ChangeResourceRecordSets" && length(var.record_names) > 0 ? {
          Condition = {
            "ForAllValues:StringEquals" = { "route53:ChangeResourceRecordSetsNormalizedRecordNames" = var.record_names }
          }
        } : {}
      ) if length(lookup(local.limited, action, [])) > 0
    ],
    local.decryption
  )
  json = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}

resource "aws_iam_policy" "agent" {
  count       = var.create ? 1 : 0
  name        = "${var.application}-pitstop-agent"
  description = "What the Pitstop agent calls itself; what Terraform needs to make the environments is not in it."
  policy      = local.json
  tags        = merge(var.tags, { Application = var.application })
}
