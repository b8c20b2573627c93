package io.chordshare.peer;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of files.
 *
 * @param copies       for uploads that do not say: {@code all} or a number
 * @param ownerSet     nodes that answer for a file
 * @param repairAfter  how long after a death its copies are made again
 * @param bufferBudget memory for bodies on their way through this node, all together
 * @param reserve      room on the disk that new data never takes
 * @param keepReplaced so long the bytes of replaced and deleted files stay for those who are reading them
 */
@ConfigurationProperties("chordshare.files")
record FilesProperties(@DefaultValue("all") String copies, @DefaultValue("5") int ownerSet,
                       @DefaultValue("10s") Duration repairAfter, @DefaultValue("16MB") DataSize bufferBudget,
                       @DefaultValue("64MB") DataSize reserve, @DefaultValue("15m") Duration keepReplaced) {}
