#!/bin/sh
# Stands in for terraform on the agent's PATH while pitstop prove runs: asks before the real one runs, and before it tells
# how that ended. PROVE_TERRAFORM is the real one, PROVE_QUESTIONS a folder that somebody watches.
verb=${1:-none}
unset LD_PRELOAD # a clock that was set back is the agent's alone
echo "$@" >>"$PROVE_QUESTIONS/arguments"
[ -z "${PITSTOP_DB_PASSWORD:-}" ] || echo "PITSTOP_DB_PASSWORD=$PITSTOP_DB_PASSWORD" >>"$PROVE_QUESTIONS/environment"

# Sets answer to what the other side says; no answer within 60 s means GO, so that nothing hangs when it is gone.
ask() {
    : >"$PROVE_QUESTIONS/$$-$1-$verb.asked"
    patience=3000
    until [ -f "$PROVE_QUESTIONS/$$-$1-$verb.told" ]; do
        patience=$((patience - 1))
        if [ "$patience" -le 0 ] || [ ! -d "$PROVE_QUESTIONS" ]; then
            answer=GO
            return
        fi
        sleep 0.02
    done
    read -r answer <"$PROVE_QUESTIONS/$$-$1-$verb.told"
}

stop() {
    [ -z "${child:-}" ] || kill "-$1" "$child" 2>/dev/null
}

trap 'stop INT' INT
trap 'stop TERM' TERM

ask BEFORE
case $answer in
    REFUSE) echo "Error: the provider is out of order" >&2; exit 1 ;;
    CUT) kill -KILL $$ ;;
esac
"$PROVE_TERRAFORM" "$@" &
child=$!
echo "$child" >"$PROVE_QUESTIONS/$$.child"
wait "$child"
code=$?
# A signal ends a wait, not what was waited for.
while kill -0 "$child" 2>/dev/null; do
    wait "$child"
    code=$?
done
rm -f "$PROVE_QUESTIONS/$$.child"
child=
ask AFTER
[ "$answer" != CUT ] || kill -KILL $$
exit "$code"
