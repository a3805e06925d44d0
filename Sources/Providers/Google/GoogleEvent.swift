import Entries
import ICalendar

/// One item of a list of events, looked at only as far as it must be to know what it belongs to.
///
/// An item is a meeting, a series, or an exception of a series: an occurrence that was changed, named by the series and by
/// when its rule would have it. Of one that was cancelled Google promises no more than that.
struct GoogleEvent {
    let id: String
    /// The series that it is an exception of.
    let series: String?
    let isCancelled: Bool
    /// It differs whenever the content does.
    let mark: String
    private let value: JSONValue

    /// Google takes ids of 1,024 characters, and adds a time for an occurrence.
    private static let longestID = 1_100

    /// Nil for what nobody can refer to, because it says no id.
    init?(_ value: JSONValue, mark: ([UInt8]) -> String) {
        guard let fields = value.object, let id = fields.text("id"), id.utf8.count <= Self.longestID else { return nil }
        self.id = id
        self.value = value
        let series = fields.text("recurringEventId")
        guard series.map({ $0.utf8.count <= Self.longestID }) ?? true else { return nil }
        self.series = series == id ? nil : series
        isCancelled = fields.text("status") == "cancelled"
        self.mark = Longest.mark(fields.text("etag")) ?? mark(Array(value.content))
    }

    /// The identifier of all that belongs together.
    var group: String { series ?? id }

    /// Read anew each time: thousands of them are held, and few are looked at.
    var fields: JSONObject? { value.object }

    var byteCount: Int { value.content.count }
}

/// Why an event is set aside.
struct GoogleFlaw: Error {
    let problem: FoundProblem

    init(_ problem: Problem, _ message: String) { self.problem = FoundProblem(problem, message) }
}
