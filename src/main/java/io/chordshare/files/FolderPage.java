package io.chordshare.files;

import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.records.FileIndex;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a folder: its files and its subfolders. A subfolder counts as one line, however many files are in it, and
 * takes one step in the index.
 *
 * @param next the last line of this page, if more lines follow
 */
record FolderPage(List<FileEntry> files, List<String> folders, @Nullable String next) {

    /**
     * Appended to a folder's name, this is greater than every name in the folder: the greatest character, repeated as
     * often as a name allows.
     */
    private static final String AFTER_ALL_BELOW =
            Character.toString(Character.MAX_CODE_POINT).repeat(FileName.MAX_BYTES / 4);
    /** Index entries per step. Most folders contain a mix of files and folders. */
    private static final int READ_AHEAD = 100;

    /** @param after a file, or a folder that ends with {@code /}; null from the start */
    static FolderPage read(FileIndex index, String prefix, @Nullable String after, int limit) {
        List<FileEntry> files = new ArrayList<>();
        List<String> folders = new ArrayList<>();
        String last = after;
        while (true) {
            int room = limit - files.size() - folders.size();
            // One more than fits: it shows whether there is a next page
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
