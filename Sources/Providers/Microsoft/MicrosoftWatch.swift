import Entries
import HTTP
import ICalendar

// Subscriptions: Graph tells an address when the events of a calendar changed, and another one how the subscription itself
// fares. Before there is one, it asks both addresses whether they want that. There is one for each calendar at the most.
extension MicrosoftSource: Watching {
    public var prolongs: Bool { true }

    public func watch(_ calendar: CalendarPlace, _ terms: WatchTerms) throws -> StandingWatch {
        var question = JSONWriter()
        question.name("changeType")
        question.text("created,updated,deleted")
        question.name("notificationUrl")
        question.text(terms.address)
        question.name("lifecycleNotificationUrl")
        question.text(terms.address)
        question.name("resource")
        question.text("me/calendars/\(calendar.path)/events")
        question.name("expirationDateTime")
        question.text(Self.text(terms.until))
        question.name("clientState")
        question.text(terms.proof)
        do {
            let answer = try graph.tell(
                "POST", try graph.address("subscriptions"), body: question.finish(), doing: Self.asking)
            guard let watch = answer.flatMap(Self.standing) else { throw Self.malformed }
            return watch
        } catch let refusal as GraphRefusal {
            throw Self.failure(refusal)
        }
    }

    public func prolong(_ watch: StandingWatch, until: Int64) throws -> Int64 {
        var question = JSONWriter()
        question.name("expirationDateTime")
        question.text(Self.text(until))
        do {
            let answer = try graph.tell(
                "PATCH", try graph.address("subscriptions", watch.id), body: question.finish(), doing: Self.asking)
            guard let expires = answer?.instant("expirationDateTime") else { throw Self.malformed }
            return expires
        } catch let refusal as GraphRefusal {
            if refusal.isGone {
                throw ReadingFailure(.transient, "watch_gone", "Microsoft does not know this subscription any more.")
            }
            throw refusal.failure
        }
    }

    public func stop(_ watch: StandingWatch) throws {
        do {
            _ = try graph.tell("DELETE", try graph.address("subscriptions", watch.id), doing: Self.ending)
        } catch let refusal as GraphRefusal {
            if !refusal.isGone { throw refusal.failure }
        }
    }

    public func watches(to wanted: String) throws -> [StandingWatch]? {
        do {
            var found: [StandingWatch] = []
            var next: Address? = try graph.address("subscriptions")
            for _ in 0..<Self.mostPagesOfWatches {
                guard let address = next else { break }
                let page = try graph.page(address, doing: Self.asking)
                found += page.values.compactMap(\.object).filter { $0.text("notificationUrl") == wanted }
                    .compactMap(Self.standing)
                next = try page.next.map { try graph.follow($0, doing: Self.asking) }
            }
            return found
        } catch let refusal as GraphRefusal {
            throw refusal.failure
        }
    }

    /// A mailbox has 1,000 of them at the most, over all programs.
    private static let mostPagesOfWatches = 100

    private static let asking = "asking to be told of changes"
    private static let ending = "asking to be told of changes no more"

    private static var malformed: ReadingFailure {
        ReadingFailure(
            .transient, "malformed", "What came back while \(asking) was no subscription of Microsoft's. It may pass.")
    }

    private static func standing(_ json: JSONObject) -> StandingWatch? {
        guard let id = json.text("id"), Longest.isIdentifier(id), let expires = json.instant("expirationDateTime")
        else { return nil }
        return StandingWatch(id: id, expires: expires)
    }

    private static func failure(_ refusal: GraphRefusal) -> ReadingFailure {
        switch refusal.status {
        case 409:
            ReadingFailure(.transient, "watch_exists", "Microsoft has a subscription for this calendar already.")
        case 400:
            ReadingFailure(
                .permanent, "address_refused",
                "Microsoft asked the public address of this Daybook and got no right answer, or does not accept it. It must be "
                    + "an https address that leads here, with a certificate that everybody trusts.")
        default: refusal.failure
        }
    }

    private static func text(_ instant: Int64) -> String {
        let seconds = Int(instant / 1_000)
        let day = CivilDay(number: seconds / 86_400)
        let second = seconds - day.number * 86_400
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(day)T\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }
}

extension GraphRefusal {
    /// The subscription is not there.
    fileprivate var isGone: Bool { status == 404 || status == 410 }
}
