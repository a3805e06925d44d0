/// When the rule of a series would have an occurrence start: an instant in milliseconds, or a day.
public enum OriginalStart: Hashable, Sendable {
    case instant(Int64)
    case day(String)
}
