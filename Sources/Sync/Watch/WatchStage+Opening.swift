import Entries
import Ledger
import Providers
import SQLite
import Secrets

// Making watches, and renewing them.
extension WatchStage {
    /// Watches what may be watched and is not.
    mutating func open() throws {
        guard surroundings.address != nil else { return }
        let now = desk.now()
        let due = try desk.read { views in
            let since = try Self.addressPosition(views)
            let watched = Set(try WatchRow.all(views).filter { $0.state != .ended }.map(\.calendar))
            return try WatchedCalendar.all(views).filter {
                $0.connection == connection && !watched.contains($0.calendar)
                    && $0.mayBeAsked(at: now, addressSince: since)
            }
        }
        for calendar in due { try open(calendar, after: nil) }
    }

    /// Renews what ends soon.
    mutating func renew() throws {
        guard surroundings.address != nil else { return }
        let now = desk.now()
        let due = try desk.read { views in
            let since = try Self.addressPosition(views)
            let calendars = Dictionary(try WatchedCalendar.all(views).map { ($0.calendar, $0) }) { first, _ in first }
            let watches = try WatchRow.all(views)
            let beingMade = Set(watches.filter { $0.state == .requested }.map(\.calendar))
            let standing = watches.filter {
                $0.connection == connection && $0.state == .open && !beingMade.contains($0.calendar)
            }
            return standing.compactMap {
                watch -> (WatchRow, WatchedCalendar)? in
                let calendar = calendars[watch.calendar]
                let ends = Self.isEnded(watch, calendar, at: now, hasAddress: true, since)
                guard let calendar, ends == nil, Self.mustBeRenewed(watch, calendar, at: now) else { return nil }
                return (watch, calendar)
            }
        }
        for (watch, calendar) in due { try renew(watch, calendar) }
    }

    private mutating func renew(_ watch: WatchRow, _ calendar: WatchedCalendar) throws {
        switch try source() {
        case .failure(let failure): try fail(calendar, failure, watch.watch)
        case .success(let source) where source.prolongs: try prolong(watch, calendar, source)
        case .success: try open(calendar, after: watch)
        }
    }

    private mutating func prolong(_ watch: WatchRow, _ calendar: WatchedCalendar, _ source: any Watching) throws {
        do {
            let expires = try source.prolong(watch.standing, until: desk.now() + Self.life)
            var renewed = WatchRenewed()
            renewed.watch = watch.watch
            renewed.connection = watch.connection
            renewed.calendar = watch.calendar
            renewed.expires = expires
            try desk.append(renewed, stream: watch.stream, owner: watch.owner)
            summary.renewed += 1
        } catch let failure as ReadingFailure where failure.code == "watch_gone" {
            // The provider forgot it, and nobody knows since when: what changed meanwhile the next reading finds.
            try close(watch, because: .lost, isStopped: true)
            try open(calendar, after: nil)
        } catch let failure as ReadingFailure {
            if failure.isInterruption { throw ReadingStopped() }
            try fail(calendar, failure, watch.watch)
        }
    }

    /// Less than seven days, the longest that Graph grants. What was granted the answer says.
    static let life = WatchRow.longestMilliseconds - 60 * 60_000

    /// One that ends at once would be renewed for ever.
    private static let shortestLife: Int64 = 5 * 60_000

    // MARK: One watch

    mutating func open(_ calendar: WatchedCalendar, after predecessor: WatchRow?) throws {
        guard let address = surroundings.address else { return }
        let source: any Watching
        switch try self.source() {
        case .failure(let failure): return try fail(calendar, failure, predecessor?.watch)
        case .success(let opened): source = opened
        }
        let watch = try request(calendar, after: predecessor)
        try surroundings.announced()
        let terms = WatchTerms(
            watch: watch.watch, proof: desk.names.proof(ofWatch: watch.watch).reveal { $0 },
            address: calendar.provider == .google ? address.google : address.microsoft, until: desk.now() + Self.life)
        let standing: StandingWatch
        do {
            standing = try ask(source, calendar, terms)
        } catch let failure as ReadingFailure {
            if failure.isInterruption { throw ReadingStopped() }
            // It was refused, so there is none. Where nobody answered there may be one, which is looked for later.
            if failure.errorClass != .transient || failure.code == "watch_exists" {
                try close(watch, because: .lost, isStopped: true)
            }
            return try fail(calendar, failure, predecessor?.watch)
        }
        try land(watch, standing, calendar, source, after: predecessor)
    }

    private func request(_ calendar: WatchedCalendar, after predecessor: WatchRow?) throws -> WatchRow {
        var watch = WatchRow()
        watch.watch = desk.randomness.identifier()
        watch.owner = calendar.owner
        watch.connection = calendar.connection
        watch.calendar = calendar.calendar
        watch.provider = calendar.provider
        watch.requested = desk.now()
        var requested = WatchRequested()
        requested.watch = watch.watch
        requested.connection = watch.connection
        requested.calendar = watch.calendar
        requested.provider = watch.provider
        requested.predecessor = predecessor?.watch
        try desk.append(requested, stream: watch.stream, owner: watch.owner, expectedVersion: 1)
        return watch
    }

    /// Where the provider says that there is one already, ours that nobody knows of are taken away first.
    private func ask(
        _ source: any Watching, _ calendar: WatchedCalendar, _ terms: WatchTerms
    ) throws -> StandingWatch {
        do {
            return try source.watch(CalendarPlace(path: calendar.path, name: calendar.name), terms)
        } catch let failure as ReadingFailure where failure.code == "watch_exists" {
            guard try stopStrays(source, to: terms.address) > 0 else { throw failure }
            return try source.watch(CalendarPlace(path: calendar.path, name: calendar.name), terms)
        }
    }

    private mutating func land(
        _ watch: WatchRow, _ standing: StandingWatch, _ calendar: WatchedCalendar, _ source: any Watching,
        after predecessor: WatchRow?
    ) throws {
        var watch = watch
        watch.providerID = standing.id
        watch.resourceID = standing.resource
        watch.expires = standing.expires
        watch.state = .open
        var opened = WatchOpened()
        opened.watch = watch.watch
        opened.connection = watch.connection
        opened.calendar = watch.calendar
        opened.provider = watch.provider
        opened.providerID = standing.id
        opened.resourceID = standing.resource
        opened.expires = standing.expires
        opened.predecessor = predecessor?.watch
        try desk.append(opened, stream: watch.stream, owner: watch.owner)
        if predecessor == nil { summary.opened += 1 } else { summary.renewed += 1 }
        if let predecessor { try stop(predecessor, because: .replaced) }
        // While the provider was asked, somebody may have decided otherwise.
        let isWanted = try desk.read {
            try WatchedCalendar.all(calendar: calendar.calendar, $0).first?.isWanted ?? false
        }
        if !isWanted { return try stop(watch, because: .calendarDropped) }
        if standing.expires < desk.now() + Self.shortestLife {
            try stop(watch, because: .expired)
            let failure = ReadingFailure(
                .transient, "too_short", "The provider promised to tell of changes for a moment only.")
            try fail(calendar, failure, nil)
        }
    }

    // MARK: Failures

    mutating func fail(_ calendar: WatchedCalendar, _ failure: ReadingFailure, _ watch: String?) throws {
        var failed = WatchFailed()
        failed.connection = calendar.connection
        failed.calendar = calendar.calendar
        failed.watch = watch
        failed.errorClass = failure.errorClass
        failed.errorCode = failure.code
        failed.message = failure.message
        failed.retry = retry(after: failure, calendar)
        try desk.append(failed, stream: "calendar/\(calendar.calendar)", owner: calendar.owner)
        summary.failed += 1
    }

    /// A calendar that cannot be watched is never asked about again. All else may be mended by somebody.
    private func retry(after failure: ReadingFailure, _ calendar: WatchedCalendar) -> Int64? {
        if failure.code == "push_not_supported" { return nil }
        let wait: Int64 =
            switch failure.errorClass {
            case .permanent: Days.milliseconds
            case .auth, .rate: 60 * 60_000
            case .transient: Self.firstWait << min(calendar.failure?.failures ?? 0, Self.mostDoublings)
            }
        return desk.now() + min(max(wait, failure.retryAfterMilliseconds ?? 0), Days.milliseconds)
    }

    /// From five minutes to five hours: longer than a provider's bad moment, and never a storm.
    private static let firstWait: Int64 = 5 * 60_000
    private static let mostDoublings: Int64 = 6
}

extension WatchRow {
    var stream: String { "watch/\(watch)" }

    /// As its provider is told of it. Google knows it by our own id, even if its answer never came.
    var standing: StandingWatch {
        StandingWatch(id: providerID ?? watch, resource: resourceID, expires: lastsUntil)
    }
}
