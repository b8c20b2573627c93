package io.chordshare.register;

import io.chordshare.placement.View;
import io.chordshare.register.RegisterRequest.Read;
import io.chordshare.register.RegisterRequest.RegisterReply;
import io.chordshare.register.Replies.Reply;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One read: asks as many members as are needed, and the others when one of these fails, cannot tell, or is late. */
final class HedgedRead {

    private final NodeRuntime runtime;
    private final Hedge hedge;
    private final View view;
    private final String key;
    private final List<Peer> members;
    private final List<Peer> silent;
    /** True when the others must be asked, too; false when nobody needs them any more. */
    private final CompletableFuture<Boolean> others = new CompletableFuture<>();

    /** Sends a question to a member. */
    @FunctionalInterface
    interface Asking {

        RegisterReply ask(Peer member, Read question) throws PeerException;
    }

    /** @param members of the view, in the order in which they are asked */
    HedgedRead(NodeRuntime runtime, Hedge hedge, View view, String key, List<Peer> members) {
        this.runtime = runtime;
        this.hedge = hedge;
        this.view = view;
        this.key = key;
        this.members = members;
        silent = new ArrayList<>(members.subList(0, view.majority()));
    }

    /** The versions at a majority, and the record at the first that was asked. */
    Replies replies(Asking asking) {
        List<PeerCall<Reply>> calls = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            Peer member = members.get(i);
            boolean withRecord = i == 0;
            calls.add(i < view.majority() ? () -> atOnce(member, withRecord, asking) : () -> later(member, asking));
        }
        List<Outcome<Reply>> outcomes = runtime.gather(calls, some -> Replies.of(view, some, members.size()).isDone());
        others.complete(false);
        return Replies.of(view, outcomes, members.size());
    }

    private Reply atOnce(Peer member, boolean withRecord, Asking asking) throws PeerException {
        Duration begin = runtime.uptime();
        try {
            Reply reply = new Reply(member, asking.ask(member, new Read(key, view.number(), withRecord)));
            if (!reply.is(RegisterStatus.DONE)) {
                others.complete(true);
            }
            if (!withRecord) {
                // the first one is this node, most of the time
                hedge.answered(runtime.uptime().minus(begin));
            }
            return reply;
        } catch (PeerException e) {
            hedge.late(member);
            others.complete(true);
            throw e;
        } finally {
            heard(member);
        }
    }

    private Reply later(Peer member, Asking asking) throws PeerException {
        if (!runtime.await(others, hedge.delay())) {
            silent().forEach(hedge::late);
            others.complete(true);
        }
        if (!others.getNow(false)) {
            throw new PeerException(Reason.NO_ANSWER, member + " was not asked, since enough others have answered");
        }
        return new Reply(member, asking.ask(member, new Read(key, view.number(), true)));
    }

    private void heard(Peer member) {
        synchronized (silent) {
            silent.remove(member);
        }
    }

    private List<Peer> silent() {
        synchronized (silent) {
            return List.copyOf(silent);
        }
    }
}
