import Entries
public import HTTP
public final class GoogleSource: CalendarSource {
    public init(_ means: Means, base: String) throws(HTTPError) {}
    public func calendars() throws -> FoundCalendars { FoundCalendars([]) }
    public func read(_ calendar: CalendarPlace, _ wish: ReadingWish) throws -> Reading? { nil }
}
public final class GooglePeople: PeopleSource {
    public init(_ means: Means, base: String) throws(HTTPError) {}
    public func people(since cursor: String?) throws -> FoundPeople? { nil }
}
public enum GoogleVerdict { @Sendable public static func verdict(_ response: Response) -> Patience.Verdict { Patience.plainVerdict(response) } }
