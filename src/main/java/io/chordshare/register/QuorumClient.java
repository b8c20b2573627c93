package io.chordshare.register;

import io.chordshare.placement.Placement;
import io.chordshare.placement.View;
import io.chordshare.register.RegisterRequest.Promise;
import io.chordshare.register.RegisterRequest.Read;
import io.chordshare.register.RegisterRequest.RegisterReply;
import io.chordshare.register.RegisterRequest.Write;
import io.chordshare.register.Replies.Reply;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.Quorum;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

/** Asks the members of a view, and waits for as many as are needed. Views that they know to be newer are taken up. */
final class QuorumClient {

    private final NodeRuntime runtime;
    private final Placement placement;
    private final Hedge hedge;

    QuorumClient(NodeRuntime runtime, Placement placement) {
        this.runtime = runtime;
        this.placement = placement;
        this.hedge = new Hedge(runtime);
    }

    /**
     * Reads versions at a majority, and the record at one of them. Asks only as many members as are needed, and the
     * others when one of these fails, cannot tell or is late.
     */
    Replies read(View view, String key) {
        Replies replies = new HedgedRead(runtime, hedge, view, key, hedge.order(view, placement.self()))
                .replies(this::call);
        takeUpViews(view, replies);
        return replies;
    }

    /** The record of a version, from one that has it. */
    Replies fetch(View view, String key, List<Peer> having) {
        return ask(view, having, member -> new Read(key, view.number(), true), replies -> !replies
                .with(RegisterStatus.DONE).isEmpty());
    }

    Replies promise(View view, String key, Version version) {
        return ask(view, view.members(), member -> new Promise(key, view.number(), version), Replies::isDone);
    }

    /**
     * Writes at all members: first at those that hold the bytes, and at the others once a majority of the holders has
     * accepted. So every node that has the record can tell where its bytes are.
     *
     * @param sources who has the bytes; empty where they were sent to the holders before
     */
    Replies write(View view, FileRecord record, List<Peer> sources, Predicate<Replies> enough) {
        Function<Peer, RegisterRequest<RegisterReply>> request = member ->
                new Write(record, view.number(), sources);
        List<Peer> holders = view.members().stream()
                .filter(member -> record.copies().wantedAt(view.rankOf(member.id()))).toList();
        if (holders.size() == view.members().size() || record.carriesItsBytes()) {
            return ask(view, view.members(), request, enough);
        }
        Replies atHolders = ask(view, holders, request, replies -> isMajorityOf(holders, replies));
        if (!isMajorityOf(holders, atHolders)) {
            return atHolders;
        }
        List<Peer> others = view.members().stream().filter(member -> !holders.contains(member)).toList();
        return atHolders.and(ask(view, others, request, replies -> enough.test(atHolders.and(replies))));
    }

    private static boolean isMajorityOf(List<Peer> holders, Replies replies) {
        return replies.with(RegisterStatus.DONE).size() + replies.with(RegisterStatus.NEWER).size()
                >= Quorum.majorityOf(holders.size());
    }

    private Replies ask(View view, List<Peer> members, Function<Peer, RegisterRequest<RegisterReply>> request,
                        Predicate<Replies> enough) {
        List<PeerCall<Reply>> calls = new ArrayList<>();
        members.forEach(member -> calls.add(() -> new Reply(member, call(member, request.apply(member)))));
        List<Outcome<Reply>> outcomes = runtime.gather(calls, some ->
                enough.test(Replies.of(view, some, members.size())));
        Replies replies = Replies.of(view, outcomes, members.size());
        takeUpViews(view, replies);
        return replies;
    }

    private RegisterReply call(Peer member, RegisterRequest<RegisterReply> request) throws PeerException {
        return runtime.call(placement.newest(member), request);
    }

    private void takeUpViews(View asked, Replies replies) {
        List<Reply> elsewhere = replies.with(RegisterStatus.OTHER_VIEW);
        placement.learn(elsewhere.stream().map(reply -> reply.content().view()).filter(Objects::nonNull).toList());
        // who has missed a decision is told
        elsewhere.stream().filter(reply -> isBehind(reply, asked))
                .forEach(reply -> placement.tell(reply.member(), List.of(asked)));
    }

    private static boolean isBehind(Reply reply, View asked) {
        View theirs = reply.content().view();
        return theirs == null || theirs.number() < asked.number();
    }
}
