import Entries
import Projections
import SQLite
import Schedule
import Sync

/// How the readings of a user's calendars and address books stand, and what waits.
public struct StatusRequest: ReadingRequest {
    public static let name = "status"

    public struct Status: Codable, Sendable {
        public let userZone: String?
        public let at: Int64
        public let sources: [Source]
        /// Meetings that have ended and were not decided yet.
        public let waiting: Int64
        public let suggestions: Int64
        public let unreadable: [Unreadable]
        public let needsLook: Bool
    }

    /// A connection, with its calendars. One of people has none.
    public struct Source: Codable, Sendable {
        public let connection: String
        public let name: String
        public let subject: String
        /// The one word that matters most to its owner.
        public let state: State
        /// As `metrics` counts it: healthy below three failures in a row.
        public let health: String
        public let freshness: String
        /// Why it is not fresh.
        public let reason: String?
        public let reading: Reading
        public let calendars: [CalendarStatus]
        /// Until when it is left alone after many failures.
        public let restsUntil: Int64?
        /// After how many.
        public let restsAfter: Int64?
        /// When its grant ends and its user has to connect it again, where that is known.
        public let grantExpires: Int64?
    }

    /// Nothing is healthy whose last reading failed, or that is not read at all.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// Its server refused the credentials, and it is not read before its owner connects it again.
        case reconnect
        /// Not read by itself: paused by hand or after many failures, or switched off.
        case paused, off
        /// The last reading failed; degraded are three and more in a row.
        case failing, degraded
        case healthy
        /// Nothing succeeded lately.
        case unknown
    }

    public struct CalendarStatus: Codable, Sendable {
        public let calendar: String
        public let name: String
        public let isChosen: Bool
        public let freshness: String
        public let reading: Reading
        /// Whether its provider tells of changes; nil where no provider of its kind could.
        public let push: WatchesRequest.State?
        /// Why it is only read at its times, where that is not as it should be.
        public let pushReason: String?
    }

    /// The last attempt to read, and the last that succeeded.
    public struct Reading: Codable, Sendable {
        public let lastAttempt: Int64?
        public let lastSuccess: Int64?
        /// When it is to be read again; nil while it is not read.
        public let nextDue: Int64?
        public let failures: Int64
        public let errorClass: String?
        public let errorCode: String?
        public let message: String?
        /// What helps against the error.
        public let advice: String?
        /// What a suspected reading knew and found; nil where none is suspected.
        public let suspectedKnown: Int64?
        public let suspectedFound: Int64?
        public let created, updated, deleted, unchanged, quarantined: Int64

        var needsLook: Bool { errorClass != nil || suspectedKnown != nil || quarantined > 0 }
    }

    /// Something in a calendar that could not be read. All else was.
    public struct Unreadable: Codable, Sendable {
        public let calendar: String
        public let calendarName: String?
        public let title: String?
        /// Where it lies at its source.
        public let path: String?
        public let problem: String
        public let message: String?
        public let position: Int64
    }

    public var user: String?

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Status {
        let viewer = try home.viewer(user)
        let now = home.options.now()
        let metrics = try MetricsRequest().answer(in: home).connections.filter { $0.user == viewer.user }
        let figures = Dictionary(metrics.map { ($0.name, $0.figures) }) { first, _ in first }
        return try home.views().read { views in
            let hasAddress = try Settings(of: Draft.home, views).publicAddress != nil
            let shown = try WatchesRequest.shown(of: viewer.user, hasAddress: hasAddress, at: now, views)
            let watches = Dictionary(shown.map { ($0.calendar, $0) }) { first, _ in first }
            let sources = try SourceReader(
                views: views, now: now, watches: watches, pulls: try home.pulls(of: viewer.user, at: now, views)
            ).sources(viewer.user) {
                figures[$0]
            }
            let unreadable = try Self.unreadable(viewer.user, views)
            return Status(
                userZone: viewer.zone, at: now, sources: sources, waiting: try Self.waiting(viewer.user, now, views),
                suggestions: try Self.suggestions(viewer.user, views), unreadable: unreadable,
                needsLook: sources.contains(where: \.needsLook) || !unreadable.isEmpty)
        }
    }

    private static func waiting(_ owner: String, _ now: Int64, _ views: Connection) throws -> Int64 {
        try views.prepare(
            "SELECT COUNT(*) FROM meeting WHERE owner = ? AND undecided IS NOT NULL AND decided IS NULL AND ends <= ?"
        ).first(.text(owner), .integer(now)) { $0.integer(0) } ?? 0
    }

    private static func suggestions(_ owner: String, _ views: Connection) throws -> Int64 {
        try views.prepare("SELECT COUNT(*) FROM address_suggestion WHERE owner = ?")
            .first(.text(owner)) { $0.integer(0) } ?? 0
    }

    private static func unreadable(_ owner: String, _ views: Connection) throws -> [Unreadable] {
        try views.prepare(
            """
            SELECT meeting_quarantine.calendar, calendar.name, meeting.title, meeting_quarantine.problem,
                meeting_quarantine.message, meeting_quarantine.position,
                meeting_quarantine.provider_path
            FROM meeting_quarantine
                LEFT JOIN calendar ON calendar.calendar = meeting_quarantine.calendar
                LEFT JOIN meeting ON meeting.meeting = meeting_quarantine.meeting
            WHERE meeting_quarantine.owner = ? ORDER BY meeting_quarantine.position
            """
        ).map(.text(owner)) { row in
            Unreadable(
                calendar: row.text(0), calendarName: row.textIfPresent(1), title: row.textIfPresent(2),
                path: row.textIfPresent(6), problem: row.text(3), message: row.textIfPresent(4),
                position: row.integer(5))
        }
    }
}

extension StatusRequest.Source {
    /// What did not succeed lately, failed, was suspected, or could not be read.
    var needsLook: Bool {
        [.reconnect, .failing, .degraded].contains(state) || restsUntil != nil
            || freshness == Metrics.Freshness.stale.rawValue
            || reading.needsLook || calendars.contains { $0.isChosen && $0.reading.needsLook }
    }
}

extension StatusRequest.State {
    init(isRefused: Bool, isOff: Bool, isPaused: Bool, failures: Int64, _ figures: Metrics.Figures?) {
        self =
            switch figures?.health {
            case _ where isRefused: .reconnect
            case _ where isOff: .off
            case _ where isPaused || figures?.freshness == .paused: .paused
            case .degraded: .degraded
            case _ where failures > 0: .failing
            case .healthy: .healthy
            default: .unknown
            }
    }
}

extension OpenHome {
    fileprivate func pulls(of owner: String, at now: Int64, _ views: Connection) throws -> [String: Int64] {
        let times = try WorkingTimes(views, desk().zones)
        let rows = try ConnectionRow.due(of: owner, views).map { times.applied(to: $0) }.filter(\.isPulled)
        return Dictionary(rows.map { ($0.connection, $0.nextDue(at: now)) }) { $1 }
    }
}

/// Reads how connections and calendars stand.
private struct SourceReader {
    let views: Connection
    let now: Int64
    let watches: [String: WatchesRequest.Shown]
    /// When connections are read next whose owner works and which are read more often then.
    let pulls: [String: Int64]

    func sources(_ owner: String, _ figures: (String) -> Metrics.Figures?) throws -> [StatusRequest.Source] {
        try views.prepare(
            """
            SELECT connection, COALESCE(name, provider), subject, sync_frequency_minutes, last_attempt, last_success,
                consecutive_failures, last_error_class, last_error_code, last_error_message, retry,
                CASE WHEN is_suspicion_confirmed = 0 AND suspected_run IS NOT NULL THEN suspected_known END,
                CASE WHEN is_suspicion_confirmed = 0 AND suspected_run IS NOT NULL THEN suspected_found END,
                created, updated, deleted, unchanged, quarantined, is_sync_enabled = 0 OR is_paused = 1, grant_expires,
                provider, credential = 'refused', is_sync_enabled = 0,
                CASE WHEN breaker_until BETWEEN ?2 + 1 AND ?2 + 86400000 THEN breaker_until END, breaker_failures
            FROM connection WHERE owner = ?1 ORDER BY added, connection
            """
        ).map(.text(owner), .integer(now)) { row in
            let id = row.text(0)
            let figures = figures(id)
            let isPaused = row.integer(18) == 1
            let isRefused = row.integerIfPresent(21) == 1
            // Whoever has to do something first is told of that.
            let rest = isPaused || isRefused ? nil : row.integerIfPresent(23)
            let state = StatusRequest.State(
                isRefused: isRefused, isOff: row.integer(22) == 1, isPaused: isPaused, failures: row.integer(6), figures
            )
            let advice = Advice(connection: id, provider: Provider(rawValue: row.text(20)) ?? .files)
            return StatusRequest.Source(
                connection: id, name: row.text(1), subject: row.text(2),
                state: state, health: (figures?.health ?? .unknown).rawValue,
                freshness: (figures?.freshness ?? .idle).rawValue,
                reason: figures?.reason,
                reading: reading(
                    row, advice, minutes: row.integer(3), isRead: !isPaused && !isRefused, rest: rest),
                calendars: try calendars(
                    advice, minutes: row.integer(3), isPaused: isPaused, isRefused: isRefused, rest: rest),
                restsUntil: rest, restsAfter: rest == nil ? nil : row.integerIfPresent(24),
                grantExpires: row.integerIfPresent(19))
        }
    }

    private func calendars(
        _ advice: Advice, minutes: Int64, isPaused: Bool, isRefused: Bool, rest: Int64?
    ) throws -> [StatusRequest.CalendarStatus] {
        try views.prepare(
            """
            SELECT calendar, COALESCE(name, '(no name)'), is_chosen, 0, last_attempt, last_success,
                consecutive_failures, last_error_class, last_error_code, last_error_message, retry,
                CASE WHEN is_suspicion_confirmed = 0 AND suspected_run IS NOT NULL THEN suspected_known END,
                CASE WHEN is_suspicion_confirmed = 0 AND suspected_run IS NOT NULL THEN suspected_found END,
                created, updated, deleted, unchanged, quarantined
            FROM calendar WHERE connection = ? ORDER BY name, calendar
            """
        ).map(.text(advice.connection)) { row in
            let isChosen = row.integer(2) == 1
            let watch = watches[row.text(0)]
            return StatusRequest.CalendarStatus(
                calendar: row.text(0), name: row.text(1), isChosen: isChosen,
                freshness: freshness(row, minutes, isPaused: isPaused || !isChosen).rawValue,
                reading: reading(
                    row, advice, minutes: minutes, isRead: isChosen && !isPaused && !isRefused, rest: rest),
                push: watch?.state, pushReason: watch?.state == .failed ? watch?.reason : nil)
        }
    }

    /// Stale once two readings should have succeeded and none did, as for a connection.
    private func freshness(_ row: borrowing Row, _ minutes: Int64, isPaused: Bool) -> Metrics.Freshness {
        if isPaused { return .paused }
        guard let success = row.integerIfPresent(5) else { return row.isNull(4) ? .idle : .stale }
        return now - success <= 2 * minutes * 60_000 ? .fresh : .stale
    }

    private func reading(
        _ row: borrowing Row, _ advice: Advice, minutes: Int64, isRead: Bool, rest: Int64?
    ) -> StatusRequest.Reading {
        let errorClass = row.textIfPresent(7)
        let attempt = row.integerIfPresent(4)
        let grid = Grid.of(advice.connection, minutes: minutes)
        let due = rest ?? row.integerIfPresent(10) ?? pulls[advice.connection] ?? grid.nextDue(last: attempt, now: now)
        return StatusRequest.Reading(
            lastAttempt: attempt, lastSuccess: row.integerIfPresent(5), nextDue: isRead ? due : nil,
            failures: row.integer(6), errorClass: errorClass, errorCode: row.textIfPresent(8),
            message: row.textIfPresent(9),
            advice: errorClass.flatMap(ErrorClass.init(rawValue:)).map { advice.text($0, row.textIfPresent(8)) },
            suspectedKnown: row.integerIfPresent(11), suspectedFound: row.integerIfPresent(12),
            created: row.integer(13), updated: row.integer(14), deleted: row.integer(15), unchanged: row.integer(16),
            quarantined: row.integer(17))
    }
}
