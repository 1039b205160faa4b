import { Icon } from "../ui/Icon";

/** Before there is a page: what a dashboard is for, and how one is made. */
export function NoPage({ canEdit, onAdd }: { canEdit: boolean; onAdd: () => void }) {
  return (
    <section className="blank">
      <h2>No page yet</h2>
      {canEdit ? (
        <>
          <p className="quiet">
            A page shows the control panels of the nodes that matter, from all flows of this project: live
            values, charts, buttons. People who may only look at the project see it too.
          </p>
          <button type="button" className="btn btn--primary" onClick={onAdd}>
            <Icon name="plus" />
            New page
          </button>
        </>
      ) : (
        <p className="quiet">Nobody has made a page in this project. Its owner and editors can.</p>
      )}
    </section>
  );
}
