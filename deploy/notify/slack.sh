#!/usr/bin/env bash
# Tells a Slack channel how a deployment ended:  deploy/notify/slack.sh success|failure|cancelled "text"
#
# SLACK_WEBHOOK_URL is the secret address of an incoming webhook; without it nobody is told. It is neither printed nor
# among a process's arguments, which others on the machine can read. RUN_URL, if set, becomes the link to the details.
set -euo pipefail

status=${1:?how it ended: success, failure or cancelled} text=${2:?what to say}
if [[ -z ${SLACK_WEBHOOK_URL:-} ]]; then
    echo "SLACK_WEBHOOK_URL is not set: nobody is told." >&2
    exit 0
fi
case $status in success) sign=:white_check_mark: ;; failure) sign=:rotating_light: ;; *) sign=:warning: ;; esac

message=$(SIGN=$sign TEXT=$text python3 -c '
import json, os
text, link = os.environ["TEXT"], os.environ.get("RUN_URL", "")
for sign, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
    text = text.replace(sign, escaped)
print(json.dumps({"text": os.environ["SIGN"] + " " + text + (f" <{link}|details>" if link else "")}))
')

if curl --config - --silent --fail --output /dev/null --max-time 10 --retry 2 \
    --header 'Content-Type: application/json' --data "$message" 2>/dev/null <<<"url = \"$SLACK_WEBHOOK_URL\""; then
    echo "Slack knows."
else
    echo "Slack did not take the notice (curl ended with $?)." >&2
    exit 1
fi
