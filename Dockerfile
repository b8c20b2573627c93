# Builds the node from source and runs it; needs nothing but Docker.

FROM maven:3-eclipse-temurin-25 AS build
WORKDIR /build
# The same build without sources first: its layer holds every dependency, and only a change of pom.xml loads them again
COPY pom.xml .
RUN mvn -B -q -Dmaven.test.skip=true -Dprepared-start.skip=true package && rm -rf target
COPY src/main src/main
RUN mvn -B -q -Dmaven.test.skip=true -Dprepared-start.skip=true package
# Split by how often each part changes, so that a new version of the node adds one small layer to an image
RUN java -Djarmode=tools -jar target/chordshare.jar extract --layers --destination layers

FROM eclipse-temurin:25-jre
# A fixed id, so that who owns a volume or a bind mount is known beforehand. /data is open to all, as /tmp is: a tmpfs
# mounted there (--tmpfs /data) takes over the mode of the directory, but belongs to root
RUN groupadd --gid 10001 chordshare \
 && useradd --uid 10001 --gid chordshare --no-create-home --home-dir /data --shell /usr/sbin/nologin chordshare \
 && install -d -o chordshare -g chordshare -m 1777 /data
WORKDIR /app
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
COPY src/main/docker/healthcheck ./
# A node starts from a cache of its classes in a third of the time. It belongs to this JVM and to these files
RUN java -XX:AOTCacheOutput=chordshare.aot -Xlog:aot=off,cds=off -Dspring.context.exit=onRefresh -jar chordshare.jar \
      --chordshare.node.data-dir=/tmp/training --logging.level.root=warn --spring.main.banner-mode=off \
 && rm -rf /tmp/training

# The container's own loopback reaches nobody. A node that listens beyond it still wants a secret, or to be told to be open.
# Half of the container's memory is heap; the rest is for class data, thread stacks and SQLite. A node that ran out of
# memory is of more use dead, where its neighbours notice and a restart heals it, than half alive. And a container may
# come back with another IP address: names are looked up anew after seconds, not after Java's half a minute.
ENV SERVER_ADDRESS=0.0.0.0 \
    SERVER_PORT=8081 \
    CHORDSHARE_NODE_DATADIR=/data \
    JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError -Dsun.net.inetaddr.ttl=5 -Dsun.net.inetaddr.negative.ttl=1"

USER 10001:10001
VOLUME /data
EXPOSE 8081
HEALTHCHECK --interval=5s --timeout=5s --start-period=120s --retries=6 CMD ["timeout", "4", "/app/healthcheck"]
# The exec form: java is process 1, and a SIGTERM reaches it, so that the node can tell its neighbours
ENTRYPOINT ["java", "-XX:AOTCache=chordshare.aot", "-jar", "chordshare.jar"]
