package dev.handover.deploy.fidelity;

import dev.handover.deploy.stack.Service;
import java.util.List;

/** What differs between engines in SQL. Nothing here is shared with the pipeline. */
interface Dialect {
    /** The name of the engine for people. */
    String engine();

    Service service();

    /** Where the grids are, and where they are written back: databases or schemas. */
    String home();

    String back();

    /** Makes a session print everything in full, and write whatever the engine takes. */
    List<String> session();

    /** The text of a cell as the source prints it. */
    String atSource(String type, String cell);

    /** The text of a cell as the target prints it; the same text where nothing was lost. */
    String atTarget(String type, String cell);

    /** Such a text in a comparable form. */
    default String comparable(String type, String text) {
        return text;
    }

    /** The literal by which such a text is written back to the source. */
    String literal(String type, String text);

    /** The text as {@link #atTarget} would give it, of raw text that the pipeline kept. */
    String ofRaw(String type, String raw);

    /** A condition: two cells of the source hold the same bytes. */
    String sameBytes(String type, String one, String other);
}
