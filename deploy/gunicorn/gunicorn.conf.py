"""How gunicorn serves the shop. The numbers are explained in docs/deployment.md; what differs by place is in the environment.

gunicorn 27 or newer: older ones drop requests when a process is replaced after `max_requests`.
"""

from config import env

wsgi_app = "config.wsgi:application"
bind = env.names("GUNICORN_BIND", default=("0.0.0.0:8000",))
worker_class = "gthread"
workers = env.number("WEB_CONCURRENCY", 2, least=1)
threads = env.number(
    "GUNICORN_THREADS", 8, least=1
)  # a request holds one database connection at most: DB_POOL_SIZE follows

timeout = 30  # a process whose main loop is silent for so long is killed; threads may work longer
graceful_timeout = 25  # after SIGTERM requests that run may finish; less than what the platform waits (40 s)
keepalive = (
    75  # longer than the proxy keeps a connection: the proxy closes first, so no request meets a closed one
)
backlog = 512

max_requests = 5000  # against slow leaks …
max_requests_jitter = 500  # … and not all at once

worker_tmp_dir = "/dev/shm"  # signs of life are written there: a slow disk must not look like a dead process
control_socket_disable = True  # it would want a writable home
forwarded_allow_ips = env.text("FORWARDED_ALLOW_IPS", "127.0.0.1")

accesslog = "-"
errorlog = "-"
access_log_format = (  # no query: it may hold what somebody searched for, or a token
    '{"time":"%(t)s","from":"%({x-real-ip}i)s","request":"%(m)s %(U)s","status":%(s)s,"bytes":"%(B)s",'
    '"microseconds":%(D)s,"id":"%({x-request-id}o)s"}'
)
logconfig_dict = {  # the path of an order is the key to it: lines are scrubbed before they leave the process
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "access": {"()": "config.logs.Scrubbed", "format": "%(message)s"},
        "json": {"()": "config.logs.Lines"},
    },
    "handlers": {
        name: {"class": "logging.StreamHandler", "formatter": name, "stream": "ext://sys.stdout"}
        for name in ("access", "json")
    },
    "root": {"level": "INFO", "handlers": ["json"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["json"], "propagate": False},
        "gunicorn.access": {"level": "INFO", "handlers": ["access"], "propagate": False},
    },
}
