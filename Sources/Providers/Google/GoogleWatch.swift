import Entries
import HTTP

// Channels: Google tells an address when the events of a calendar changed. A channel cannot be prolonged: another is made
// before it ends, and then it is stopped; for a while both tell. The first message of a channel only says that it is there.
extension GoogleSource: Watching {
    public var prolongs: Bool { false }

    public func watch(_ calendar: CalendarPlace, _ terms: WatchTerms) throws -> StandingWatch {
        var question = JSONWriter()
        question.name("id")
        question.text(terms.watch)
        question.name("type")
        question.text("web_hook")
        question.name("address")
        question.text(terms.address)
        question.name("token")
        question.text(terms.proof)
        question.name("expiration")
        question.text(String(terms.until))
        let address = "\(service.hosts.calendar)/calendars/\(GoogleService.escaped(calendar.path))/events/watch"
        let answer: JSONObject?
        do {
            answer = try service.tell(address, body: question.finish(), .watchingCalendar)
        } catch let refusal as GoogleRefusal {
            throw Self.failure(refusal, service.failure(refusal, .watchingCalendar))
        }
        // Numbers of 64 bits come as texts, and in the guide of Google's as numbers.
        guard let answer, let resource = answer.text("resourceId"), Longest.isIdentifier(resource),
            let expires = answer.integer("expiration")
        else { throw GoogleService.malformed(.watchingCalendar) }
        return StandingWatch(id: terms.watch, resource: resource, expires: expires)
    }

    public func prolong(_ watch: StandingWatch, until: Int64) throws -> Int64 {
        throw ReadingFailure(.permanent, "watch_gone", "Google prolongs no channel.")
    }

    public func stop(_ watch: StandingWatch) throws {
        var question = JSONWriter()
        question.name("id")
        question.text(watch.id)
        question.name("resourceId")
        question.text(watch.resource ?? "")
        do {
            _ = try service.tell(service.hosts.calendar + "/channels/stop", body: question.finish(), .stoppingWatch)
        } catch let refusal as GoogleRefusal {
            if refusal.isMissing { return }
            throw service.failure(refusal, .stoppingWatch)
        }
    }

    /// Nobody can list channels.
    public func watches(to address: String) throws -> [StandingWatch]? { nil }

    /// What is said of the address that messages go to, and of calendars that cannot be watched.
    private static func failure(_ refusal: GoogleRefusal, _ usual: ReadingFailure) -> ReadingFailure {
        func has(_ reason: String) -> Bool { refusal.reasons.contains { $0 == reason || $0 == "push." + reason } }
        if has("pushNotSupportedForRequestedResource") {
            return ReadingFailure(
                .permanent, "push_not_supported",
                "Google does not tell of changes in this calendar. It is read at its times.")
        }
        if has("webhookUrlNotHttps") || has("webhookUrlUnauthorized") {
            return ReadingFailure(
                .permanent, "address_refused",
                "Google does not accept the public address of this Daybook. It must be an https address with a certificate "
                    + "that everybody trusts.")
        }
        if has("channelIdNotUnique") {
            return ReadingFailure(.transient, "watch_exists", "Google knows a channel of this name already.")
        }
        if refusal.isMissing {
            return ReadingFailure(
                .transient, "calendar_missing",
                "Google has no calendar there to be watched. The next reading tells why.")
        }
        return usual
    }
}
