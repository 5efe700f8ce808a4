# 网站、后台任务和数据库迁移共用一个镜像，见 docker-compose.yml。
FROM python:3.13-slim-trixie

RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin benxi \
    && install -d -o benxi -g benxi -m 0700 /data

WORKDIR /app
COPY benxi_shuangsuiji/locks/base.txt benxi_shuangsuiji/locks/base.txt
RUN pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r benxi_shuangsuiji/locks/base.txt
COPY . .

ENV BENXI_PYTHON_READY=1 \
    BENXI_VAR=/data \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER benxi
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "benxi_shuangsuiji.wsgi:application", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--bind", "0.0.0.0:8000", "--timeout", "120", "--graceful-timeout", "30", "--max-requests", "2000", "--max-requests-jitter", "200", "--limit-request-line", "8190", "--no-control-socket", "--log-level", "warning"]
