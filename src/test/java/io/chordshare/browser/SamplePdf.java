package io.chordshare.browser;

import java.util.ArrayList;
import java.util.List;

/** A PDF file with two pages, written by hand. */
final class SamplePdf {

    private SamplePdf() {}

    /** Has a line of text on each page, and JavaScript that a viewer would run when it opens the file. */
    static String withScripts(String text, String script) {
        String js = script.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)");
        List<String> objects = new ArrayList<>(List.of(
                "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (" + js + ") >> >>",
                "<< /Type /Pages /Kids [3 0 R 5 0 R] /Count 2 >>"));
        for (int page = 0; page < 2; page++) {
            String stream = "BT /F1 28 Tf 60 700 Td (" + text + (page == 0 ? "" : ", page two") + ") Tj ET";
            objects.add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents " + (4 + 2 * page)
                    + " 0 R /Resources << /Font << /F1 7 0 R >> >> >>");
            objects.add("<< /Length " + stream.length() + " >>\nstream\n" + stream + "\nendstream");
        }
        objects.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
        StringBuilder pdf = new StringBuilder("%PDF-1.7\n");
        List<Integer> offsets = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            offsets.add(pdf.length());
            pdf.append(i + 1).append(" 0 obj\n").append(objects.get(i)).append("\nendobj\n");
        }
        int table = pdf.length();
        pdf.append("xref\n0 ").append(objects.size() + 1).append("\n0000000000 65535 f \n");
        offsets.forEach(offset -> pdf.append("%010d 00000 n \n".formatted(offset)));
        return pdf.append("trailer\n<< /Size ").append(objects.size() + 1).append(" /Root 1 0 R >>\nstartxref\n")
                .append(table)
                .append("\n%%EOF\n").toString();
    }
}
