use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use futures::channel::mpsc;
use futures::{StreamExt, stream};
use http::Response;
use kube::client::Body;
use kube::runtime::controller::Action;
use kube::runtime::reflector::store::Writer;
use kube::runtime::watcher::Event;
use kube::{Client, Resource};
use tokio_util::sync::CancellationToken;
use tower::service_fn;

use super::*;
use crate::api::{SummitReference, TalkNoteSpec};
use crate::controller::leader::Leadership;
use crate::controller::remotes::caches::Caches;
use crate::controller::remotes::loads::Loads;
use crate::controller::runtime::compute::Compute;
use crate::controller::runtime::process::Process;
use crate::controller::runtime::runner;
use crate::controller::runtime::triggers;
use crate::controller::runtime::watch::Keeper as _;
use crate::controller::shared::children::Children;
use crate::controller::shared::context::Queues;
use crate::controller::shared::error::Error;
use crate::controller::state::debounce::Debounce;
use crate::controller::state::pages::PagesWriter;
use crate::controller::state::reconciled::{Desired, Reconciled};
use crate::git::Revision;
use crate::telemetry::watches::WatchHealth;

/// A scope, and what its watches show.
struct Scene {
    ctx: Arc<Context>,
    notes: Writer<TalkNote>,
    summits: Writer<Summit>,
    repositories: Writer<NoteRepository>,
    config_maps: PagesWriter,
    summit_requests: mpsc::UnboundedReceiver<ObjectRef<Summit>>,
    _other_requests: Box<dyn std::any::Any>,
}

/// Tells an event as `watch::follow` does: the store, and then who is to know.
macro_rules! tell {
    ($scene:ident, $keeper:ident, $event:expr, $changed:path) => {{
        let ctx = $scene.ctx.clone();
        $scene.$keeper.keep($event, &mut |before, after| {
            $changed(before.map(Arc::as_ref), after.map(Arc::as_ref), &ctx);
        });
    }};
}

impl Scene {
    fn new() -> Self {
        let nobody = service_fn(|_: http::Request<Body>| async {
            Ok::<_, Error>(Response::new(Body::empty()))
        });
        let process = Process {
            client: Client::new(nobody, "default"),
            remotes: Default::default(),
            answers: Default::default(),
            caches: Arc::new(Caches::new(Default::default())),
            metrics: Default::default(),
            compute: Compute::default(),
            loads: Loads::default(),
            turns: Default::default(),
            webhooks: false,
            hooks: Default::default(),
            health: WatchHealth::new(Default::default()),
            leadership: Leadership::unopposed(),
            viewer_image: None,
            shutdown: CancellationToken::new(),
        };
        let (notes, repositories) = (Writer::default(), Writer::default());
        let config_maps = PagesWriter::default();
        let mut summits = Writer::default();
        // Nothing is reconciled before its list is there.
        summits.apply_watcher_event(&Event::Init);
        summits.apply_watcher_event(&Event::InitDone);
        let (note_queue, note_requests) = mpsc::unbounded();
        let (summit_queue, summit_requests) = mpsc::unbounded();
        let (repository_queue, repository_requests) = mpsc::unbounded();
        let (viewer_queue, _) = mpsc::unbounded();
        let stores = Stores {
            talk_notes: notes.as_reader(),
            summits: summits.as_reader(),
            repositories: repositories.as_reader(),
            config_maps: config_maps.pages(),
            viewers: Writer::default().as_reader(),
            children: Children::default(),
        };
        let queues = Queues {
            talk_notes: note_queue,
            summits: summit_queue,
            repositories: repository_queue,
            viewers: viewer_queue,
        };
        let ctx = Arc::new(process.context(stores, queues));
        let _other_requests = Box::new((note_requests, repository_requests));
        Self { ctx, notes, summits, repositories, config_maps, summit_requests, _other_requests }
    }

    /// A repository with a summit and a note, their pages and an image, all reconciled and written.
    fn full() -> Self {
        let mut scene = Self::new();
        for object in Object::ALL {
            scene.tell(object, true);
            scene.remember(object);
        }
        scene
    }

    fn tell(&mut self, object: Object, there: bool) {
        fn event<K>(object: K, there: bool) -> Event<K> {
            if there { Event::Apply(object) } else { Event::Delete(object) }
        }
        match object {
            Object::Repository => {
                let event = event(repository(), there);
                tell!(self, repositories, event, triggers::repository_changed);
            }
            Object::Summit => {
                tell!(self, summits, event(summit(), there), triggers::summit_changed)
            }
            Object::Note => tell!(self, notes, event(note(), there), triggers::note_changed),
            Object::Page | Object::Index | Object::Image => {
                let event = event(object.config_map(), there);
                tell!(self, config_maps, event, triggers::config_map_changed);
            }
        }
    }

    /// As reconciliations and writes do.
    fn remember(&self, object: Object) {
        let (ctx, key) = (&self.ctx, object.key());
        ctx.retries.failed(&key);
        ctx.statuses.put(key.clone(), ("1".to_owned(), 1));
        if object != Object::Repository {
            ctx.expected.put(key.clone(), "as written".to_owned());
            ctx.memory.restored().put(key.clone(), VecDeque::from([Instant::now()]));
        }
        if object == Object::Summit {
            ctx.summits.put(key, Debounce::since(Instant::now()));
        } else if object == Object::Repository {
            ctx.drifts.put(key.clone(), 1);
            ctx.repositories.put(key, Arc::new(last_reconciled()));
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Object {
    Repository,
    Summit,
    Note,
    Page,
    Index,
    Image,
}

impl Object {
    const ALL: [Self; 6] =
        [Self::Repository, Self::Summit, Self::Note, Self::Page, Self::Index, Self::Image];

    fn key(self) -> Key {
        match self {
            Self::Repository => key(NoteRepository::NAME, "north", "notes"),
            Self::Summit => key(Summit::NAME, "north", "tides"),
            Self::Note => key(TalkNote::NAME, "north", "ebb"),
            Self::Page => key(CONFIG_MAP, "north", &names::note_config_map("ebb")),
            Self::Index => key(CONFIG_MAP, "north", &names::summit_config_map("tides")),
            Self::Image => key(CONFIG_MAP, "north", &names::image_config_map("notes", "c0ffee")),
        }
    }

    fn config_map(self) -> ConfigMap {
        let mut config_map = ConfigMap::default();
        config_map.metadata.name = Some(self.key().name);
        config_map.metadata.namespace = Some("north".to_owned());
        config_map.metadata.uid = Some(format!("{self:?}"));
        config_map.metadata.owner_references = match self {
            Self::Page => note().controller_owner_ref(&()),
            Self::Index => summit().controller_owner_ref(&()),
            _ => repository().controller_owner_ref(&()),
        }
        .map(|owner| vec![owner]);
        if self == Self::Image {
            label(&mut config_map);
        }
        config_map
    }
}

/// Says that it came from the repository.
fn label<K: Resource>(object: &mut K) {
    let label = (names::REPOSITORY_LABEL.to_owned(), names::label_value("notes"));
    object.meta_mut().labels = Some([label].into());
}

fn placed<K: Resource>(mut object: K, uid: &str) -> K {
    object.meta_mut().namespace = Some("north".to_owned());
    object.meta_mut().uid = Some(uid.to_owned());
    object
}

fn repository() -> NoteRepository {
    placed(NoteRepository::new("notes", Default::default()), "1")
}

fn summit() -> Summit {
    let mut summit = placed(Summit::new("tides", Default::default()), "2");
    label(&mut summit);
    summit
}

fn note() -> TalkNote {
    let summit_ref = Some(SummitReference { name: "tides".to_owned() });
    let spec = TalkNoteSpec { summit_ref, ..Default::default() };
    let mut note = placed(TalkNote::new("ebb", spec), "3");
    label(&mut note);
    note
}

fn last_reconciled() -> Reconciled {
    let desired =
        Desired { uid: None, generation: None, requested_at: None, allow_prune: None, drifts: 1 };
    let revision = Revision { name: "main".to_owned(), commit: "c0ffee".to_owned() };
    Reconciled { desired, revision, summary: Arc::default(), held: Arc::default(), inventory: None }
}

/// All orders of `objects`.
fn orders(objects: &[Object]) -> Vec<Vec<Object>> {
    let [] = objects else {
        return objects
            .iter()
            .flat_map(|first| {
                let rest: Vec<_> = objects.iter().copied().filter(|other| other != first).collect();
                orders(&rest).into_iter().map(|mut order| {
                    order.insert(0, *first);
                    order
                })
            })
            .collect();
    };
    vec![Vec::new()]
}

#[tokio::test]
async fn nothing_is_remembered_of_what_is_gone_in_whatever_order_it_went() {
    let orders = orders(&Object::ALL);
    assert_eq!(orders.len(), 720);
    for order in orders {
        let mut scene = Scene::full();
        assert_eq!(scene.ctx.memory.len(), Object::ALL.len());
        for object in &order {
            scene.tell(*object, false);
        }
        assert_eq!(scene.ctx.memory.len(), 0, "{order:?}");
    }
}

#[tokio::test]
async fn what_somebody_deleted_by_hand_is_expected_until_it_is_back() {
    for object in [Object::Summit, Object::Note, Object::Page, Object::Index, Object::Image] {
        let mut scene = Scene::full();
        scene.tell(object, false);
        let key = object.key();
        assert!(scene.ctx.expected.get(&key).is_some(), "{object:?} will not be brought back");
        assert!(
            scene.ctx.memory.restored().get(&key).is_some(),
            "{object:?}: contention goes unseen"
        );
        assert_eq!(scene.ctx.retries.attempts(&key), 0, "{object:?}");
    }
}

#[tokio::test]
async fn what_was_deleted_on_purpose_is_forgotten_at_once() {
    for object in [Object::Summit, Object::Note, Object::Page, Object::Image] {
        let mut scene = Scene::full();
        scene.ctx.expected.forget(&object.key());
        scene.tell(object, false);
        assert_eq!(scene.ctx.memory.len(), Object::ALL.len() - 1, "{object:?}");
    }
}

#[tokio::test]
async fn an_object_that_took_the_name_of_another_inherits_nothing() {
    let mut scene = Scene::full();
    let mut other = repository();
    other.metadata.uid = Some("another".to_owned());
    tell!(scene, repositories, Event::Apply(other), triggers::repository_changed);
    let key = Object::Repository.key();
    assert!(scene.ctx.repositories.get(&key).is_none());
    assert_eq!(scene.ctx.drifts.get(&key), None);
}

/// Holds a reconciliation until the test has let it go on.
static HELD: Mutex<Option<(mpsc::UnboundedSender<()>, tokio::sync::oneshot::Receiver<()>)>> =
    Mutex::new(None);

async fn slow(summit: Arc<Summit>, ctx: Arc<Context>) -> Result<Action, Error> {
    let (begun, go_on) = HELD.lock().unwrap().take().unwrap();
    begun.unbounded_send(()).unwrap();
    go_on.await.unwrap();
    let (namespace, name) = summit.address();
    ctx.summits.put(key(Summit::NAME, &namespace, &name), Debounce::since(Instant::now()));
    Err(Error::Missing("it went meanwhile".to_owned()))
}

#[tokio::test]
async fn a_reconciliation_of_an_object_that_goes_meanwhile_leaves_nothing() {
    let mut scene = Scene::new();
    scene.tell(Object::Summit, true);
    let (begun, mut begins) = mpsc::unbounded();
    let (let_go, go_on) = tokio::sync::oneshot::channel();
    *HELD.lock().unwrap() = Some((begun, go_on));
    let shutdown = CancellationToken::new();
    let store = scene.ctx.stores.summits.clone();
    // The runner drops what it has not begun when its queue ends.
    let queue = stream::iter([ObjectRef::from_obj(&summit())]).chain(stream::pending());
    let reconciliations = runner::run(slow, store, queue, 1, scene.ctx.clone(), shutdown.clone());
    let meanwhile = async {
        begins.next().await.unwrap();
        scene.tell(Object::Summit, false);
        let_go.send(()).unwrap();
        shutdown.cancel();
    };
    tokio::join!(reconciliations, meanwhile);
    assert_eq!(scene.ctx.memory.len(), 0);
}

/// A page may outlive its note until the garbage collector comes, and a note of the same name take it over: until
/// then it is on no agenda.
#[tokio::test]
async fn a_page_that_a_new_note_takes_over_is_listed() {
    let mut scene = Scene::full();
    scene.tell(Object::Note, false);
    let new = placed(note(), "4");
    tell!(scene, notes, Event::Apply(new.clone()), triggers::note_changed);
    while scene.summit_requests.try_recv().is_ok() {}
    let mut page = Object::Page.config_map();
    page.metadata.owner_references = new.controller_owner_ref(&()).map(|owner| vec![owner]);
    tell!(scene, config_maps, Event::Apply(page), triggers::config_map_changed);
    let requested = scene.summit_requests.try_recv().unwrap();
    assert_eq!(requested.name, "tides");
}
