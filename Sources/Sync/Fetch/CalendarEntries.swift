public import Entries
import Ledger
public import Providers

/// The entries about calendars that a connection was found to hold.
public struct CalendarEntries {
    let desk: Desk
    let owner: String
    let connection: String
    let account: String

    public init(desk: Desk, owner: String, connection: String, account: String) {
        self.desk = desk
        self.owner = owner
        self.connection = connection
        self.account = account
    }

    public func identifier(_ calendar: FoundCalendar) -> String {
        desk.names.calendar(account: account, path: calendar.path)
    }

    public func found(_ calendar: FoundCalendar, isChosen: Bool) -> [Draft] {
        let id = identifier(calendar)
        var found = CalendarFound()
        found.calendar = id
        found.connection = connection
        found.providerID = desk.names.provided(calendar.path)
        found.providerPath = calendar.path
        found.name = calendar.name
        found.description = calendar.description
        found.colour = calendar.colour
        found.zone = calendar.zone
        found.access = calendar.access
        found.isPrimary = calendar.isPrimary ? true : nil
        found.isSubscribed = calendar.isSubscribed ? true : nil
        var drafts = [desk.draft(found, stream: "calendar/\(id)", owner: owner)]
        if isChosen {
            var chosen = CalendarChosen()
            chosen.calendar = id
            chosen.connection = connection
            drafts.append(desk.draft(chosen, stream: "calendar/\(id)", owner: owner))
        }
        return drafts
    }
}

extension FoundCalendar {
    /// A calendar that lies in files.
    public init(_ calendar: FileCalendar) {
        self.init(path: calendar.path, name: calendar.name)
        colour = calendar.colour
        zone = calendar.zone
        access = .read
    }
}
