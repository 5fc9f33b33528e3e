# Builds Beseda and keeps only the program. The database lies in /data:
#   docker build -t beseda . && docker run -p 8080:8080 -v beseda:/data beseda
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked

FROM debian:bookworm-slim
COPY --from=build /src/target/release/beseda /usr/local/bin/beseda
RUN useradd --system --home-dir /data beseda && mkdir /data && chown beseda /data
USER beseda
VOLUME /data
ENV BESEDA_DATA=/data/beseda.db BESEDA_LISTEN=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["beseda"]
