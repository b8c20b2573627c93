package io.chordshare.files.http;

import io.chordshare.files.FileService;
import io.chordshare.files.Locations;
import io.chordshare.replication.FileRegister;
import io.chordshare.replication.Replication;
import io.chordshare.replication.blocks.BufferBudget;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.storage.NodeStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class FilesConfiguration {

    @Bean
    FileService fileService(NodeRuntime runtime, NodeStore store, FileRegister register, Replication replication,
                            BufferBudget budget) {
        return new FileService(runtime, store, register, replication, budget);
    }

    @Bean
    Locations locations(FileRegister register, Replication replication) {
        return new Locations(register, replication);
    }
}
