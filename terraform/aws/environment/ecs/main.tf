locals {
  name = "${var.application}-${var.colour}"
  tags = merge(
    var.tags,
    { Application = var.application, Colour = var.colour, Version = var.app_version },
    var.release == null ? {} : { Release = var.release },
  )
  variables = merge(var.environment, {
    APPLICATION = var.application
    COLOUR      = var.colour
    APP_VERSION = var.app_version
    PORT        = tostring(var.port)
  })
}

data "aws_region" "current" {}

resource "aws_ecs_cluster" "this" {
  count = var.cluster_arn == null ? 1 : 0
  name  = local.name
  tags  = local.tags

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/pitstop/${var.application}/${var.colour}"
  retention_in_days = var.log_retention_days
  tags              = local.tags
}

resource "aws_ecs_task_definition" "this" {
  family                   = local.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = var.task_role_arn
  tags                     = local.tags

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.architecture
  }

  container_definitions = jsonencode([{
    name         = "app"
    image        = "${var.image}:${var.app_version}"
    essential    = true
    stopTimeout  = var.stop_timeout
    portMappings = [{ containerPort = var.port, hostPort = var.port, protocol = "tcp" }]
    environment  = [for name, value in local.variables : { name = name, value = value }]
    secrets      = [for name, arn in var.secrets : { name = name, valueFrom = arn }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = data.aws_region.current.name
        awslogs-stream-prefix = "app"
      }
    }
  }])

  # The service must never refer to a definition that is gone.
  lifecycle {
    create_before_destroy = true
  }
}

# ECS takes a task out of its target group, waits for the deregistration delay, and only then stops it.
resource "aws_ecs_service" "this" {
  name                               = local.name
  cluster                            = var.cluster_arn == null ? aws_ecs_cluster.this[0].id : var.cluster_arn
  task_definition                    = aws_ecs_task_definition.this.arn
  desired_count                      = var.running ? var.capacity : 0
  launch_type                        = "FARGATE"
  propagate_tags                     = "SERVICE"
  health_check_grace_period_seconds  = var.startup_seconds
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  wait_for_steady_state              = var.wait_timeout > 0
  tags                               = local.tags

  # Without rollback: ECS would go back to the version before by itself, be steady with it, and the apply would succeed.
  deployment_circuit_breaker {
    enable   = true
    rollback = false
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = var.security_group_ids
    assign_public_ip = var.assign_public_ip
  }

  load_balancer {
    target_group_arn = var.target_group_arn
    container_name   = "app"
    container_port   = var.port
  }

  timeouts {
    create = "${max(var.wait_timeout, 60)}s"
    update = "${max(var.wait_timeout, 60)}s"
  }

  # A task cannot start, nor end in order, without its rights.
  depends_on = [aws_iam_role_policy.execution]
}
