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

    public func found(_ calendar: FileCalendar, isChosen: Bool) -> [Draft] {
        let id = desk.names.calendar(account: account, path: calendar.path)
        var found = CalendarFound()
        found.calendar = id
        found.connection = connection
        found.providerID = desk.names.provided(calendar.path)
        found.providerPath = calendar.path
        found.name = calendar.name
        found.colour = calendar.colour
        found.zone = calendar.zone
        found.access = .read
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
