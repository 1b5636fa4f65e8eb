package dev.handover.mapping.operation;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.mapping.Evaluation;
import dev.handover.mapping.Operation;
import dev.handover.mapping.Reversal;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Value;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A telephone number to E.164, {@code +12025550123}, by libphonenumber's numbering plans. A number that no plan has is
 * refused, and so is one with letters or words: only digits, {@code + - . / ( )} and blanks are read, and an extension
 * ({@code x12}, {@code ext. 12}), which becomes the part {@value #EXTENSION}. Its inverse is identity, checked for each
 * value: only what was E.164 before is given back.
 *
 * @param region whose plan a number without {@code +} follows: two letters of ISO 3166, such as {@code US}
 */
public record Phone(String region) implements Operation {
    /** The part that holds the digits of an extension. */
    public static final String EXTENSION = "extension";

    private static final int CHARACTERS_MAX = 64;
    private static final Pattern WRITTEN =
            Pattern.compile("\\+?[0-9 ().\\-/\u00a0]+(?:(?:ext\\.?|x|X|#) ?[0-9]{1,7})?");

    public Phone {
        Objects.requireNonNull(region, "region");
        if (!PhoneNumberUtil.getInstance().getSupportedRegions().contains(region)) {
            throw new IllegalArgumentException("no region of two capital letters that has a numbering plan");
        }
    }

    @Override
    public String name() {
        return "phone";
    }

    @Override
    public ColumnType after(ColumnType before) {
        Types.text(before, name());
        return ColumnType.of(Kind.TEXT);
    }

    @Override
    public Map<String, ColumnType> parts() {
        return Map.of(EXTENSION, ColumnType.of(Kind.TEXT));
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        String text = ((Value.Text) value).value();
        if (text.length() > CHARACTERS_MAX || !WRITTEN.matcher(text).matches()) {
            return at.reject(Reason.UNPARSABLE);
        }
        PhoneNumberUtil plans = PhoneNumberUtil.getInstance();
        PhoneNumber number;
        try {
            number = plans.parse(text, region);
        } catch (NumberParseException e) {
            return at.reject(Reason.UNPARSABLE);
        }
        if (!plans.isValidNumber(number)) {
            return at.reject(Reason.UNPARSABLE);
        }
        if (number.hasExtension()) {
            at.part(EXTENSION, new Value.Text(number.getExtension()));
        }
        return Outcome.accepted(new Value.Text(plans.format(number, PhoneNumberFormat.E164)));
    }

    @Override
    public Reversal reversal() {
        return Reversal.CHECKED;
    }

    @Override
    public Value invert(Value after) {
        return after;
    }
}
