package io.chordshare.http;

import static io.chordshare.http.LocalNodes.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every precondition of RFC 9110, section 13, alone and combined, with every method of files. */
@ExtendWith(SharedRing.class)
class ConditionsTest {

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME;
    private static final DateTimeFormatter RFC_850 =
            DateTimeFormatter.ofPattern("EEEE, dd-MMM-uu HH:mm:ss 'GMT'", Locale.US);
    private static final DateTimeFormatter ASCTIME = DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu",
            Locale.US);
    private static final String CONTENT = "0123456789";
    private static final String OLD = "/files/conditions/old";

    private final LocalNodes ring;
    private final Api api;
    private final RawClient raw;

    ConditionsTest(LocalNodes ring) {
        this.ring = ring;
        this.api = ring.api(0);
        this.raw = ring.node(0).raw();
    }

    /** The expected status of GET and HEAD, PUT and DELETE for an existing file, and of PUT for a new one. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '!', quoteCharacter = '`', value = {
        "``                                                              ! 200 ! 200 ! 204 ! 201",
        "If-Match: {etag}                                                ! 200 ! 200 ! 204 ! 412",
        "If-Match: W/{etag}                                              ! 412 ! 412 ! 412 ! 412",
        "If-Match: \"other\"                                             ! 412 ! 412 ! 412 ! 412",
        "If-Match: *                                                     ! 200 ! 200 ! 204 ! 412",
        "If-Match:                                                       ! 412 ! 412 ! 412 ! 412",
        "If-Match: \"a,b\",, {etag} ,                                    ! 200 ! 200 ! 204 ! 412",
        "If-Match: \"other\" | If-Match: {etag}                          ! 200 ! 200 ! 204 ! 412",
        "If-Match: \"{etag}                                              ! 400 ! 400 ! 400 ! 400",
        "If-Match: other                                                 ! 400 ! 400 ! 400 ! 400",
        "If-Match: *, {etag}                                             ! 400 ! 400 ! 400 ! 400",
        "If-Match: \"a\" \"b\"                                           ! 400 ! 400 ! 400 ! 400",
        "If-Match: {etag} | If-Unmodified-Since: {before}                ! 200 ! 200 ! 204 ! 412",
        "If-Match: \"other\" | If-Unmodified-Since: {after}              ! 412 ! 412 ! 412 ! 412",
        "If-Match: {etag} | If-None-Match: {etag}                        ! 304 ! 412 ! 412 ! 412",
        "If-Match: \"other\" | If-None-Match: {etag}                     ! 412 ! 412 ! 412 ! 412",
        "If-Match: {etag} | If-Modified-Since: {date}                    ! 304 ! 200 ! 204 ! 412",
        "If-Unmodified-Since: {date}                                     ! 200 ! 200 ! 204 ! 201",
        "If-Unmodified-Since: {after}                                    ! 200 ! 200 ! 204 ! 201",
        "If-Unmodified-Since: {before}                                   ! 412 ! 412 ! 412 ! 201",
        "If-Unmodified-Since: {before850}                                ! 412 ! 412 ! 412 ! 201",
        "If-Unmodified-Since: nonsense                                   ! 200 ! 200 ! 204 ! 201",
        "If-Unmodified-Since: 0                                          ! 200 ! 200 ! 204 ! 201",
        "If-Unmodified-Since: {before} | If-Unmodified-Since: {before}   ! 200 ! 200 ! 204 ! 201",
        "If-Unmodified-Since: {before} | If-None-Match: {etag}           ! 412 ! 412 ! 412 ! 201",
        "If-Unmodified-Since: {date} | If-Modified-Since: {date}         ! 304 ! 200 ! 204 ! 201",
        "If-None-Match: {etag}                                           ! 304 ! 412 ! 412 ! 201",
        "If-None-Match: W/{etag}                                         ! 304 ! 412 ! 412 ! 201",
        "If-None-Match: \"other\"                                        ! 200 ! 200 ! 204 ! 201",
        "If-None-Match: *                                                ! 304 ! 412 ! 412 ! 201",
        "If-None-Match:                                                  ! 200 ! 200 ! 204 ! 201",
        "If-None-Match: \"other\", W/{etag}                              ! 304 ! 412 ! 412 ! 201",
        "If-None-Match: \"other\" | If-None-Match: {etag}                ! 304 ! 412 ! 412 ! 201",
        "If-None-Match: other                                            ! 400 ! 400 ! 400 ! 400",
        "If-None-Match: \"other\" | If-Modified-Since: {after}           ! 200 ! 200 ! 204 ! 201",
        "If-None-Match: {etag} | If-Modified-Since: {before}             ! 304 ! 412 ! 412 ! 201",
        "If-Modified-Since: {date}                                       ! 304 ! 200 ! 204 ! 201",
        "If-Modified-Since: {after}                                      ! 304 ! 200 ! 204 ! 201",
        "If-Modified-Since: {before}                                     ! 200 ! 200 ! 204 ! 201",
        "If-Modified-Since: {date850}                                    ! 304 ! 200 ! 204 ! 201",
        "If-Modified-Since: {asctime}                                    ! 304 ! 200 ! 204 ! 201",
        "If-Modified-Since: nonsense                                     ! 200 ! 200 ! 204 ! 201",
        "If-Modified-Since: {date} | If-Modified-Since: {date}           ! 200 ! 200 ! 204 ! 201",
        "Range: bytes=0-3                                                ! 206 ! 200 ! 204 ! 201",
        "If-Range: \"other\"                                             ! 200 ! 200 ! 204 ! 201"})
    void a_condition_decides(String given, int get, int put, int delete, int putMissing) throws Exception {
        Reply old = old();
        String[] forOld = headers(given, old);
        Reply read = send("GET", OLD, "", forOld);
        assertThat(read.status()).as(read.describe()).isEqualTo(get);
        if (get < 400) {
            assertThat(read.header("ETag")).isEqualTo(old.header("ETag"));
            assertThat(read.header("Last-Modified")).isEqualTo(old.header("Last-Modified"));
            assertThat(read.text()).isEqualTo(get == 304 ? "" : get == 206 ? "0123" : CONTENT);
        } else {
            read.assertProblem(get);
        }
        Reply head = send("HEAD", OLD, "", forOld);
        assertThat(head.status()).as(head.describe()).isEqualTo(get == 206 ? 200 : get);
        assertThat(head.body()).isEmpty();

        // A new file each time: the date of a replaced file does not identify it yet
        String file = "/files/conditions/" + Integer.toHexString(given.hashCode());
        api.put(file, CONTENT).assertStatus(201);
        Reply written = send("PUT", file, "new", headers(given, api.head(file)));
        assertThat(written.status()).as(written.describe()).isEqualTo(put);
        assertThat(ring.api(1).get(file).text()).isEqualTo(put == 200 ? "new" : CONTENT);

        String doomed = file + "-deleted";
        api.put(doomed, CONTENT).assertStatus(201);
        Reply deleted = send("DELETE", doomed, "", headers(given, api.head(doomed)));
        assertThat(deleted.status()).as(deleted.describe()).isEqualTo(delete);
        ring.api(1).get(doomed).assertStatus(delete == 204 ? 404 : 200);

        String missing = file + "-missing";
        send("GET", missing, "", forOld).assertStatus(404);
        Reply nothing = send("DELETE", missing, "", forOld);
        assertThat(nothing.status()).as(nothing.describe()).isEqualTo(delete == 400 ? 400 : 404);
        Reply created = send("PUT", missing, "new", forOld);
        assertThat(created.status()).as(created.describe()).isEqualTo(putMissing);
        ring.api(2).get(missing).assertStatus(putMissing == 201 ? 200 : 404);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '!', quoteCharacter = '`', value = {
        "Range: bytes=0-3 | If-Range: {etag}                       ! 206",
        "Range: bytes=0-3 | If-Range: W/{etag}                     ! 200",
        "Range: bytes=0-3 | If-Range: \"other\"                    ! 200",
        "Range: bytes=0-3 | If-Range: {date}                       ! 206",
        "Range: bytes=0-3 | If-Range: {date850}                    ! 206",
        "Range: bytes=0-3 | If-Range: {before}                     ! 200",
        "Range: bytes=0-3 | If-Range: {after}                      ! 200",
        "Range: bytes=0-3 | If-Range: *                            ! 200",
        "Range: bytes=0-3 | If-Range: nonsense                     ! 200",
        "Range: bytes=0-3 | If-Range: {etag} | If-Range: {etag}    ! 200",
        "Range: bytes=0-3 | If-Match: {etag}                       ! 206",
        "Range: bytes=0-3 | If-Match: \"other\"                    ! 412",
        "Range: bytes=0-3 | If-Unmodified-Since: {date}            ! 206",
        "Range: bytes=0-3 | If-Unmodified-Since: {before}          ! 412",
        "Range: bytes=0-3 | If-None-Match: {etag}                  ! 304",
        "Range: bytes=0-3 | If-Modified-Since: {date}              ! 304",
        "Range: bytes=0-3 | If-None-Match: \"o\" | If-Range: {etag} ! 206",
        "Range: bytes=99- | If-None-Match: {etag}                  ! 304",
        "Range: bytes=99- | If-Match: \"other\"                    ! 412",
        "Range: bytes=99- | If-Range: \"other\"                    ! 200",
        "Range: bytes=99- | If-Range: {etag}                       ! 416"})
    void a_range_is_checked_last(String given, int get) throws Exception {
        Reply old = old();
        Reply reply = send("GET", OLD, "", headers(given, old));
        assertThat(reply.status()).as(reply.describe()).isEqualTo(get);
        if (get == 206) {
            assertThat(reply.text()).isEqualTo("0123");
            assertThat(reply.header("Content-Range")).isEqualTo("bytes 0-3/10");
        } else if (get == 200) {
            assertThat(reply.text()).isEqualTo(CONTENT);
            assertThat(reply.header("Content-Range")).isEmpty();
        }
    }

    @Test
    void versions_in_quick_succession_have_different_dates() {
        String file = "/files/conditions/quick";
        List<String> dates = new ArrayList<>();
        for (int version = 0; version < 3; version++) {
            ring.api(version).put(file, CONTENT + version);
            if (version == 1) {
                // A deleted name continues its sequence of dates
                api.delete(file).assertStatus(204);
                ring.api(2).put(file, CONTENT + version).assertStatus(201);
            }
            Reply read = ring.api(1).get(file).assertStatus(200);
            assertThat(instant(read.header("Last-Modified"))).isBeforeOrEqualTo(instant(read.header("Date")));
            for (String earlier : dates) {
                ring.api(2).get(file, "If-Modified-Since: " + earlier).assertStatus(200);
                ring.api(2).head(file, "If-Modified-Since: " + earlier).assertStatus(200);
                assertThat(api.get(file, "Range: bytes=0-3", "If-Range: " + earlier).assertStatus(200).text())
                        .isEqualTo(CONTENT + version);
                api.put(file, "lost", "If-Unmodified-Since: " + earlier).assertProblem(412);
                api.delete(file, "If-Unmodified-Since: " + earlier).assertProblem(412);
            }
            dates.add(read.header("Last-Modified"));
        }
        assertThat(instant(api.get("/files?prefix=conditions/quick").json().path("files").get(0).path("modified")
                .asString()))
                .isBeforeOrEqualTo(Instant.now());
        // One second for each of four versions, and two more until the last one is clearly older. Only then a date can
        // mean "unchanged"
        patiently().untilAsserted(() -> {
            String last = api.head(file).header("Last-Modified");
            assertThat(dates.subList(0, 2)).doesNotContain(last);
            ring.api(1).get(file, "If-Modified-Since: " + last).assertStatus(304);
            ring.api(1).get(file, "Range: bytes=0-3", "If-Range: " + last).assertStatus(206);
        });
        for (String earlier : dates.subList(0, 2)) {
            api.get(file, "If-Modified-Since: " + earlier).assertStatus(200);
        }
    }

    @Test
    void the_dates_of_a_busy_name_stay_close_to_the_clock() {
        String file = "/files/conditions/often";
        Reply last = null;
        for (int version = 0; version < 12; version++) {
            last = api.put(file, CONTENT + version);
        }
        Instant end = instant(last.header("Date"));
        patiently().untilAsserted(() -> {
            String modified = api.head(file).header("Last-Modified");
            ring.api(1).get(file, "If-Modified-Since: " + modified).assertStatus(304);
            assertThat(instant(modified)).isBetween(end.minusSeconds(1), end.plusSeconds(1));
        });
    }

    /** The headers of a file whose date is old enough to be a strong validator. */
    private Reply old() {
        Reply head = api.head(OLD);
        if (head.status() != 200) {
            api.put(OLD, CONTENT).assertStatus(201);
            patiently().untilAsserted(() -> {
                Reply now = api.head(OLD).assertStatus(200);
                assertThat(instant(now.header("Date"))).isAfterOrEqualTo(instant(now.header("Last-Modified"))
                        .plusSeconds(2));
            });
        }
        return api.head(OLD).assertStatus(200);
    }

    private Reply send(String method, String target, String body, String... headers) throws Exception {
        return raw.send(method, target, body, headers);
    }

    private static String[] headers(String given, Reply file) {
        ZonedDateTime date = ZonedDateTime.ofInstant(instant(file.header("Last-Modified")), ZoneOffset.UTC);
        return Arrays.stream(given.split(" \\| ")).filter(header -> !header.isBlank())
                .map(header -> header.strip().replace("{etag}", file.header("ETag"))
                        .replace("{date}", HTTP_DATE.format(date)).replace("{before}",
                        HTTP_DATE.format(date.minusSeconds(1)))
                        .replace("{after}", HTTP_DATE.format(date.plusSeconds(1))).replace("{date850}",
                        RFC_850.format(date))
                        .replace("{before850}", RFC_850.format(date.minusSeconds(1)))
                        .replace("{asctime}", ASCTIME.format(date))).toArray(String[]::new);
    }

    private static Instant instant(String date) {
        return date.endsWith("Z") ? Instant.parse(date) : ZonedDateTime.parse(date, HTTP_DATE).toInstant();
    }
}
