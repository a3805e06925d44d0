import Entries
import Ledger
import Providers
import SQLite

// Stopping watches that nobody wants any more, and finding those of which nobody knows.
extension WatchStage {
    mutating func end() throws {
        let now = desk.now()
        let hasAddress = surroundings.address != nil
        let (watches, calendars, since) = try desk.read { views in
            (
                try WatchRow.all(views),
                Dictionary(try WatchedCalendar.all(views).map { ($0.calendar, $0) }) { first, _ in first },
                try Self.addressPosition(views)
            )
        }
        for watch in watches where watch.connection == connection {
            switch watch.state {
            case .open:
                let reason = Self.isEnded(watch, calendars[watch.calendar], at: now, hasAddress: hasAddress, since)
                if let reason { try stop(watch, because: try isRemoved(watch) ? .connectionRemoved : reason) }
            case .requested:
                if Self.isCutShort(watch, at: now) { try recover(watch) }
            case .ended:
                try stop(watch, because: watch.ended ?? .lost)
            }
        }
    }

    private func isRemoved(_ watch: WatchRow) throws -> Bool {
        try desk.read { try ConnectionRow.one(watch.connection, $0) == nil }
    }

    /// Tells the provider, and writes down what came of it. One that cannot be stopped is tried again until its time is
    /// over, and its messages cause nothing meanwhile.
    mutating func stop(_ watch: WatchRow, because reason: WatchEnd) throws {
        if watch.lastsUntil <= desk.now() || reason == .lost && watch.told == .subscriptionRemoved {
            return try close(watch, because: reason, isStopped: true)
        }
        let isStopped = try tell(watch)
        // That it could not be stopped once more is no news.
        if !isStopped, watch.state == .ended, watch.ended != nil {
            summary.unstopped += 1
            return
        }
        try close(watch, because: reason, isStopped: isStopped)
    }

    private mutating func tell(_ watch: WatchRow) throws -> Bool {
        // Google wants to hear what it called the thing that is watched; whoever does not know waits to be told.
        if watch.provider == .google, watch.resourceID == nil { return false }
        if watch.provider == .microsoft, watch.providerID == nil, watch.resourceID == nil { return false }
        guard case .success(let source) = try source() else { return false }
        do {
            var standing = watch.standing
            if watch.provider == .microsoft { standing.id = watch.providerID ?? watch.resourceID ?? "" }
            try source.stop(standing)
            return true
        } catch let failure as ReadingFailure {
            if failure.isInterruption { throw ReadingStopped() }
            return false
        }
    }

    mutating func close(_ watch: WatchRow, because reason: WatchEnd, isStopped: Bool) throws {
        var closed = WatchClosed()
        closed.watch = watch.watch
        closed.connection = watch.connection
        closed.calendar = watch.calendar
        closed.reason = reason
        closed.isStopped = isStopped
        try desk.append(closed, stream: watch.stream, owner: watch.owner)
        if isStopped { summary.stopped += 1 } else { summary.unstopped += 1 }
    }

    // MARK: What was cut short

    /// A watch that was asked for, and nothing more was written of it. Where the provider lists its watches, those that
    /// nobody knows are stopped; else a message of it will say what is needed to stop it.
    private mutating func recover(_ watch: WatchRow) throws {
        if let address = surroundings.address, case .success(let source) = try source() {
            do {
                let place = watch.provider == .google ? address.google : address.microsoft
                if try source.watches(to: place) != nil {
                    _ = try stopStrays(source, to: place)
                    return try close(watch, because: .lost, isStopped: true)
                }
            } catch let failure as ReadingFailure {
                if failure.isInterruption { throw ReadingStopped() }
            }
        }
        try stop(watch, because: .lost)
    }

    /// Stops the watches that tell to us and of which nothing is written down. One that is being made just now is in no
    /// view yet, so nothing is done while there is one.
    func stopStrays(_ source: any Watching, to address: String) throws -> Int {
        let now = desk.now()
        let watches = try desk.read { try WatchRow.all($0) }
        let beingMade = watches.filter {
            $0.state == .requested && $0.provider == .microsoft && !Self.isCutShort($0, at: now)
        }
        // Whoever asks is one of them.
        guard beingMade.count <= 1, let standing = try source.watches(to: address) else { return 0 }
        let known = Set(watches.filter { $0.state != .requested }.compactMap(\.providerID))
        let strays = standing.filter { !known.contains($0.id) }
        for stray in strays { try source.stop(stray) }
        return strays.count
    }
}
