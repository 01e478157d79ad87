# moto takes the tags of a template for a part of its data.
resource "aws_launch_template" "this" {
  tags = {}
}
