/* The panel in the block editor: where the post was shared, or why not, and a button that shares it once more. */
( function ( wp, words ) {
	'use strict';

	var el = wp.element.createElement;
	var Panel =
		( wp.editor && wp.editor.PluginDocumentSettingPanel ) || wp.editPost.PluginDocumentSettingPanel;
	var Button = wp.components.Button;
	// A post that was just published is asked for a few times: howdah needs a moment.
	var LOOKS = 10;
	var LOOK_EVERY = 3000;

	// Other plugins write the field too: what is no web address is shown as it is, and not linked.
	function told( field ) {
		var found = /^https?:\/\/([^\/?#]+)/i.exec( field.url );
		if ( found ) {
			return el( 'a', { href: field.url, target: '_blank', rel: 'noopener' }, filled( words.shared, found[ 1 ] ) );
		}
		if ( field.url ) {
			return filled( words.shared, field.url );
		}
		return field.error ? filled( words.notShared, field.error ) : words.notYet;
	}

	function filled( sentence, word ) {
		return sentence.split( '%s' ).join( word );
	}

	function Told() {
		var post = wp.data.useSelect( function ( select ) {
			var editor = select( 'core/editor' );
			return {
				id: editor.getCurrentPostId(),
				status: editor.getCurrentPostAttribute( 'status' ),
				modified: editor.getCurrentPostAttribute( 'modified' ),
			};
		}, [] );
		var field = wp.element.useState( { url: '', error: '' } );
		var said = wp.element.useState( '' );
		var busy = wp.element.useState( false );
		var wish = wp.element.useState( 0 );
		var before = wp.element.useRef( { url: '', error: '' } );

		wp.element.useEffect(
			function () {
				var looks = 0;
				var timer = null;
				var gone = false;
				function look() {
					looks += 1;
					wp.apiFetch( { path: '/howdah/v1/posts/' + post.id } ).then( function ( found ) {
						if ( gone ) {
							return;
						}
						field[ 1 ]( found );
						var isNew = found.url !== before.current.url || found.error !== before.current.error;
						if ( 'publish' === post.status && ! isNew && looks < LOOKS ) {
							timer = setTimeout( look, LOOK_EVERY );
						}
					}, function () {} );
				}
				if ( post.id && 'auto-draft' !== post.status ) {
					look();
				}
				return function () {
					gone = true;
					clearTimeout( timer );
				};
			},
			[ post.id, post.status, post.modified, wish[ 0 ] ]
		);

		function again() {
			// eslint-disable-next-line no-alert
			if ( ! window.confirm( words.sure ) ) {
				return;
			}
			before.current = field[ 0 ];
			busy[ 1 ]( true );
			wp.apiFetch( { path: '/howdah/v1/posts/' + post.id + '/again', method: 'POST' } )
				.then(
					function ( done ) {
						said[ 1 ]( done.message );
						wish[ 1 ]( wish[ 0 ] + 1 );
					},
					function ( error ) {
						said[ 1 ]( error.message );
					}
				)
				.then( function () {
					busy[ 1 ]( false );
				} );
		}

		return el(
			Panel,
			{ name: 'howdah', title: words.title, className: 'howdah-panel' },
			el( 'p', { className: 'howdah-told', 'aria-live': 'polite' }, told( field[ 0 ] ) ),
			'publish' === post.status &&
				el(
					Button,
					{
						variant: 'secondary',
						className: 'howdah-again',
						disabled: busy[ 0 ] || ! words.connected,
						isBusy: busy[ 0 ],
						onClick: again,
					},
					words.again
				),
			el( 'p', { className: 'howdah-said', role: 'status' }, said[ 0 ] )
		);
	}

	wp.plugins.registerPlugin( 'howdah', { render: Told, icon: 'share' } );
} )( window.wp, window.howdahWords );
