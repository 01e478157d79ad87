# moto forgets these two settings of a service.
resource "aws_ecs_service" "this" {
  health_check_grace_period_seconds = null
  lifecycle {
    ignore_changes = [availability_zone_rebalancing]
  }
}
