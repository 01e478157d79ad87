locals {
  port    = var.colour == "blue" ? var.blue_port : var.green_port
  run_dir = abspath("${coalesce(var.run_dir, "${path.root}/.run")}/${var.application}-${var.colour}")
}

# Stands for the process, and stops it. It must not start it: a resource whose creation failed or was interrupted is
# tainted, and Terraform does not run the destroy provisioners of a tainted resource. The process would live on.
resource "terraform_data" "process" {
  count = var.running ? 1 : 0

  input = {
    stop_timeout = var.stop_timeout
  }

  triggers_replace = {
    application = var.application
    colour      = var.colour
    app_version = var.app_version
    command     = var.command
    port        = local.port
    run_dir     = local.run_dir
  }

  provisioner "local-exec" {
    when    = destroy
    quiet   = true
    command = "exec sh \"$PITSTOP_SCRIPT\" stop"
    environment = {
      PITSTOP_SCRIPT       = "${path.module}/../process.sh"
      PITSTOP_RUN_DIR      = self.triggers_replace.run_dir
      PITSTOP_STOP_TIMEOUT = self.input.stop_timeout
    }
  }
}

# Starts the process and waits for it; an attempt that failed is made again by the next apply. It stays when nothing is to
# run, so that what belongs to the colour is still known.
resource "terraform_data" "start" {
  # Becomes the outputs, once the process listens.
  input = {
    url         = "http://127.0.0.1:${local.port}"
    app_version = var.app_version
    colour      = var.colour
    log         = "${local.run_dir}/process.log"
    restart     = var.running ? ["terraform_data.process[0]"] : []
  }

  triggers_replace = one(terraform_data.process[*].id)

  provisioner "local-exec" {
    quiet   = true
    command = "exec sh \"$PITSTOP_SCRIPT\" ${var.running ? "start" : "stop"}"
    environment = {
      PITSTOP_SCRIPT        = "${path.module}/../process.sh"
      PITSTOP_RUN_DIR       = local.run_dir
      PITSTOP_GENERATION    = var.running ? terraform_data.process[0].id : ""
      PITSTOP_COMMAND       = var.command
      PITSTOP_PORTS         = local.port
      PITSTOP_READY_TIMEOUT = var.ready_timeout
      PITSTOP_STOP_TIMEOUT  = var.stop_timeout

      APPLICATION = var.application
      COLOUR      = var.colour
      APP_VERSION = var.app_version
      PORT        = local.port
    }
  }
}
