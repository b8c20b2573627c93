package io.chordshare.files;

import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.records.FileIndex;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a folder: its files and the folders in it. A folder counts as one line however many files are below it,
 * and is passed over in one step of the index.
 *
 * @param next the last line of this page, when more follow
 */
public record FolderPage(List<FileEntry> files, List<String> folders, @Nullable String next) {

    /**
     * No name below a folder comes after the folder's name and this: the greatest character, as often as a name can
     * have it.
     */
    private static final String AFTER_ALL_BELOW =
            Character.toString(Character.MAX_CODE_POINT).repeat(FileName.MAX_BYTES / 4);
    /** Lines of the index in one step: most folders have files and folders mixed. */
    private static final int READ_AHEAD = 100;

    /** @param after a file or a folder, which ends with {@code /}; null from the start */
    static FolderPage read(FileIndex index, String prefix, @Nullable String after, int limit) {
        List<FileEntry> files = new ArrayList<>();
        List<String> folders = new ArrayList<>();
        String last = after;
        while (true) {
            int room = limit - files.size() - folders.size();
            // one more than there is room for tells whether a next page exists
            List<FileEntry> ahead = index.page(prefix, seek(last), Math.min(room + 1, READ_AHEAD));
            if (ahead.isEmpty()) {
                return new FolderPage(files, folders, null);
            }
            for (FileEntry entry : ahead) {
                if (files.size() + folders.size() == limit) {
                    return new FolderPage(files, folders, last);
                }
                int end = entry.name().indexOf(FileService.FOLDER_END, prefix.length());
                if (end >= 0) {
                    last = entry.name().substring(0, end + 1);
                    folders.add(last);
                    break;
                }
                last = entry.name();
                files.add(entry);
            }
        }
    }

    private static @Nullable String seek(@Nullable String last) {
        return last != null && last.endsWith(FileService.FOLDER_END) ? last + AFTER_ALL_BELOW : last;
    }
}
