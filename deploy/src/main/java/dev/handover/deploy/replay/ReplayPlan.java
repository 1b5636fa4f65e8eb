package dev.handover.deploy.replay;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What is to be done about some dead letters, in their order. */
public record ReplayPlan(List<Item> items) {
    public ReplayPlan {
        items = List.copyOf(items);
    }

    /**
     * One dead letter.
     *
     * @param id its number
     * @param table of the source; empty where it is not known
     * @param target table; empty where it is not known
     * @param reason why it was rejected, or is still
     * @param place the column or constraint, or what hinders it; never a value
     * @param later the letter that settles it, with {@link Outlook#WITH_LATER}; else its own number
     */
    public record Item(
            long id, String table, String target, Outlook outlook, String reason, String place, long later) {}

    /** Says whether two plans are the same: SHA-256 of every letter and what becomes of it. */
    public String hash() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (Item item : items) {
                sha.update(String.join(
                                "\u0000",
                                Long.toString(item.id()),
                                item.outlook().word(),
                                item.reason(),
                                item.place(),
                                Long.toString(item.later()),
                                "\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java without SHA-256", e);
        }
    }
}
