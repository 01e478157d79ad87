locals {
  run_dir = abspath("${coalesce(var.run_dir, "${path.root}/.run")}/${var.application}-proxy")
}

# Stands for the proxy, and stops it; see the environment module for why it does not start it as well.
resource "terraform_data" "process" {
  input = {
    stop_timeout = var.stop_timeout
  }

  triggers_replace = {
    command = var.command
    listen  = "127.0.0.1:${var.listen_port}"
    admin   = "127.0.0.1:${var.admin_port}"
    blue    = "http://127.0.0.1:${var.blue_port}${var.health_path}"
    green   = "http://127.0.0.1:${var.green_port}${var.health_path}"
    run_dir = local.run_dir
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

# Starts the proxy and waits for it; an attempt that failed is made again by the next apply.
resource "terraform_data" "start" {
  # Becomes the outputs, once the process listens.
  input = {
    url        = "http://127.0.0.1:${var.listen_port}"
    admin      = "http://127.0.0.1:${var.admin_port}"
    token_file = "${local.run_dir}/token"
    log        = "${local.run_dir}/process.log"
    restart    = ["terraform_data.process"]
  }

  triggers_replace = terraform_data.process.id

  provisioner "local-exec" {
    quiet   = true
    command = "exec sh \"$PITSTOP_SCRIPT\" start"
    environment = {
      PITSTOP_SCRIPT        = "${path.module}/../process.sh"
      PITSTOP_RUN_DIR       = local.run_dir
      PITSTOP_GENERATION    = terraform_data.process.id
      PITSTOP_PORTS         = "${var.listen_port} ${var.admin_port}"
      PITSTOP_READY_TIMEOUT = var.ready_timeout
      PITSTOP_STOP_TIMEOUT  = var.stop_timeout

      # The values come by the environment, so that no path can break the shell's line.
      PITSTOP_COMMAND = "exec ${var.command} proxy --listen \"$LISTEN\" --admin \"$ADMIN\" --blue \"$BLUE\" --green \"$GREEN\" --state-dir \"$PITSTOP_RUN_DIR\""
      LISTEN          = terraform_data.process.triggers_replace.listen
      ADMIN           = terraform_data.process.triggers_replace.admin
      BLUE            = terraform_data.process.triggers_replace.blue
      GREEN           = terraform_data.process.triggers_replace.green
    }
  }
}
