/// Which Daybook this is.
public enum Release {
    public static let version = "0.1.0"
    public static let day = "2026-11-21"
}
