package io.chordshare.transport;

import io.chordshare.json.ArrivingJson;
import io.chordshare.problem.ProblemJson;
import io.chordshare.problem.ProblemType;
import io.chordshare.ring.RingNode;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.PeerException;
import io.chordshare.transport.batch.BatchAnswers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers {@code POST /peer/messages}: a batch of messages of a peer in CBOR. It stands right behind the guards and not
 * in a controller, because this is the request of which there are most: the filters, the mapping and the converters
 * behind it cost three times as much as the answer.
 */
final class MessagesFilter extends OncePerRequestFilter {

    /** Where batches arrive. */
    static final String PATH = "/peer/messages";

    private final ObjectProvider<RingNode> ring;
    private final ArrivingJson arriving;
    private final BatchAnswers answers;
    private final Counter batches;
    private final Counter messages;

    MessagesFilter(ObjectProvider<RingNode> ring, LocalAnswers local, NodeRuntime runtime, ArrivingJson arriving,
                   MeterRegistry meters) {
        this.ring = ring;
        this.arriving = arriving;
        answers = new BatchAnswers(runtime, local::answer);
        batches = Counter.builder("chordshare.peer.batches").description("Batches of messages of peers")
                .register(meters);
        messages = Counter.builder("chordshare.peer.messages").description("Messages of peers that came in batches")
                .register(meters);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!request.getRequestURI().equals(PATH) || !request.getMethod().equals("POST")) {
            chain.doFilter(request, response);
            return;
        }
        try {
            new PeerCheck(ring.getObject()).check(request, response);
            ArrivingJson.Whole whole = arriving.read(request.getInputStream(), request.getContentLengthLong());
            BatchAnswers.Answered answered = answers.answer(Arrays.copyOf(whole.buffer(), whole.count()));
            batches.increment();
            messages.increment(answered.messages());
            response.setContentType(BatchAnswers.MEDIA_TYPE);
            response.setContentLength(answered.bytes().length);
            response.getOutputStream().write(answered.bytes());
        } catch (PeerException e) {
            refuse(response, e);
        } catch (ArrivingJson.TooLargeException e) {
            refuse(response, new PeerException(PeerException.Reason.REFUSED, "a batch is smaller", e));
        } catch (ArrivingJson.BusyException e) {
            refuse(response, new PeerException(PeerException.Reason.OVERLOADED, e.getMessage(), e));
        }
    }

    private static void refuse(HttpServletResponse response, PeerException refusal) throws IOException {
        response.setHeader(PeerHeaders.REASON, refusal.reason().name());
        ProblemType type = PeerProblems.typeOf(refusal.reason());
        ProblemJson.send(response, type, String.valueOf(refusal.getMessage()));
    }
}
