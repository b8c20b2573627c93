package io.chordshare.node;

import io.chordshare.placement.View;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Copies;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of files.
 *
 * @param copies       for uploads without their own value: {@code all} or a number
 * @param ownerSet     nodes that answer for a file
 * @param repairAfter  time from a death until its copies are replaced
 * @param bufferBudget memory for all bodies in transfer through this node together
 * @param reserve      disk space that new data never uses
 * @param keepReplaced how long the bytes of replaced and deleted files stay for clients that read them
 * @param syncEvery    period of comparing with the other owners; the scheduler reads this setting too
 */
@ConfigurationProperties("chordshare.files")
record FilesProperties(@DefaultValue("all") String copies, @DefaultValue("5") int ownerSet,
                       @DefaultValue("10s") Duration repairAfter, @DefaultValue("16MB") DataSize bufferBudget,
                       @DefaultValue("64MB") DataSize reserve, @DefaultValue("15m") Duration keepReplaced,
                       @DefaultValue("1s") Duration syncEvery) {

    /** A whole block, plus room for small bodies, which otherwise wait until the block is done. */
    private static final DataSize LEAST_BUFFERS = DataSize.ofBytes(Content.BLOCK_BYTES + 1024 * 1024);
    /** The other half is for everything else. */
    private static final int HEAP_PER_BUFFERS = 2;
    private static final String BUFFER_BUDGET = "chordshare.files.buffer-budget";

    public FilesProperties {
        try {
            Copies.parse(copies);
        } catch (IllegalArgumentException e) {
            throw SettingRules.refused("chordshare.files.copies", copies, e,
                    "Set it to \"all\" or to a number such as 3.");
        }
        SettingRules.requireBetween("chordshare.files.owner-set", ownerSet, 1, View.MAX_MEMBERS,
                "this many nodes answer for each file: the owner and successors of it.");
        SettingRules.requireBetween("chordshare.files.repair-after", repairAfter, Duration.ZERO, SettingRules.LONGEST,
                "it is a time to wait.");
        SettingRules.requireBetween("chordshare.files.keep-replaced", keepReplaced, Duration.ZERO, SettingRules.LONGEST,
                "it is a time to wait.");
        Period.require("chordshare.files.sync-every", syncEvery);
        if (reserve.isNegative()) {
            throw SettingRules.refused("chordshare.files.reserve", SettingRules.text(reserve),
                    "it is room on the disk.",
                    "Set it to a size such as 64MB (the default), or to 0.");
        }
        requireBuffers(bufferBudget, Runtime.getRuntime().maxMemory());
    }

    /** @param heapBytes the maximum heap of this JVM */
    public static void requireBuffers(DataSize budget, long heapBytes) {
        if (budget.compareTo(LEAST_BUFFERS) < 0) {
            throw SettingRules.refused(BUFFER_BUDGET, SettingRules.text(budget),
                    "no upload could pass, which needs one block of "
                            + Content.BLOCK_BYTES / 1024 / 1024 + " MB and some room beside it.",
                    "Set it to at least " + SettingRules.text(LEAST_BUFFERS)
                            + ". 16MB (the default) lets four large files pass at the same time.");
        }
        if (budget.toBytes() > heapBytes / HEAP_PER_BUFFERS) {
            throw SettingRules.refused(BUFFER_BUDGET, SettingRules.text(budget),
                    "it is more than half of the memory that this node has ("
                            + heapBytes / 1024 / 1024 + " MB of heap), which would run out.",
                    "Give the node more memory with java -Xmx, at least twice the budget, or set a smaller budget.");
        }
    }
}
