package io.chordshare.peer;

import io.chordshare.replication.DataRequest.AskStates;
import io.chordshare.replication.DataRequest.Compare;
import io.chordshare.replication.DataRequest.Compared;
import io.chordshare.replication.DataRequest.Kept;
import io.chordshare.replication.DataRequest.ReadIndex;
import io.chordshare.replication.DataRequest.States;
import io.chordshare.replication.DataRequest.WriteRecord;
import io.chordshare.replication.DataRequest.Written;
import io.chordshare.ring.Peer;
import io.chordshare.ring.RingRequest.Done;
import io.chordshare.ring.RingRequest.Hop;
import io.chordshare.ring.RingRequest.Join;
import io.chordshare.ring.RingRequest.JoinAnswer;
import io.chordshare.ring.RingRequest.Neighbours;
import io.chordshare.ring.RingRequest.Notify;
import io.chordshare.ring.RingRequest.Pong;
import io.chordshare.storage.FileRecord;
import io.chordshare.storage.IndexChanges;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/** Everything that one node asks another. The controller implements it, and the same interface is the client. */
@HttpExchange
interface PeerApi {

    @GetExchange("/ring/ping")
    Peer identify();

    @PostExchange(value = "/ring/notify", contentType = MediaType.APPLICATION_JSON_VALUE)
    Done notify(@RequestBody Notify notice);

    @GetExchange("/peer/ping")
    Pong ping();

    /** The question of the stabilise steps, which a node in the middle of a step answers with busy. */
    @GetExchange("/peer/neighbours")
    Neighbours neighbours();

    /** The same at once. */
    @GetExchange("/peer/view")
    Neighbours view();

    @PostExchange(value = "/peer/join", contentType = MediaType.APPLICATION_JSON_VALUE)
    JoinAnswer join(@RequestBody Join question);

    @GetExchange("/peer/next-hop/{key}")
    Hop nextHop(@PathVariable("key") String key);

    @PostExchange(value = "/peer/spread", contentType = MediaType.APPLICATION_JSON_VALUE)
    Done spread(@RequestBody SpreadMessage message);

    @PostExchange(value = "/peer/states", contentType = MediaType.APPLICATION_JSON_VALUE)
    States states(@RequestBody AskStates question);

    @GetExchange("/peer/records/{key}")
    FileRecord readRecord(@PathVariable("key") String key);

    @PutExchange(value = "/peer/records", contentType = MediaType.APPLICATION_JSON_VALUE)
    Written writeRecord(@RequestBody WriteRecord message);

    @PutExchange(value = "/peer/blocks/{hash}", contentType = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Kept putBlock(@PathVariable("hash") String hash, @RequestParam("upload") String upload,
                  @RequestBody InputStreamResource bytes);

    @GetExchange("/peer/blocks/{hash}")
    Resource getBlock(@PathVariable("hash") String hash);

    @PostExchange("/peer/uploads/{upload}/release")
    Kept releaseUpload(@PathVariable("upload") String upload);

    @PostExchange(value = "/peer/compare", contentType = MediaType.APPLICATION_JSON_VALUE)
    Compared compare(@RequestBody Compare message);

    @PostExchange(value = "/peer/index", contentType = MediaType.APPLICATION_JSON_VALUE)
    IndexChanges readIndex(@RequestBody ReadIndex question);
}
