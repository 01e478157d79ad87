# Runs as root at the first boot of an instance, with APPLICATION, COLOUR, APP_VERSION, PORT, LOG_GROUP, DB_URL, DB_USER
# and DB_PASSWORD exported. The image has Docker in it.
docker run --detach --restart always --publish "$PORT:$PORT" \
    --env APPLICATION --env COLOUR --env APP_VERSION --env PORT --env DB_URL --env DB_USER --env DB_PASSWORD \
    --log-driver awslogs --log-opt awslogs-group="$LOG_GROUP" --log-opt awslogs-region="$AWS_DEFAULT_REGION" \
    "registry.example.com/$APPLICATION:$APP_VERSION"
