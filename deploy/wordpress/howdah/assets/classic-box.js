/* The classic editor's panel: it shows where the post was shared as soon as that is known, and its button shares once more. */
( function ( wp, words ) {
	'use strict';

	// A post that was just published is asked for a few times: howdah needs a moment.
	var LOOKS = 10;
	var LOOK_EVERY = 3000;

	function filled( sentence, word ) {
		return sentence.split( '%s' ).join( word );
	}

	// Other plugins write the field too: what is no web address is shown as it is, and not linked.
	function show( told, field ) {
		var found = /^https?:\/\/([^\/?#]+)/i.exec( field.url );
		told.dataset.url = field.url;
		told.dataset.error = field.error;
		if ( ! found ) {
			told.textContent = field.url ? filled( words.shared, field.url ) : filled( words.notShared, field.error );
			return;
		}
		var link = document.createElement( 'a' );
		link.href = field.url;
		link.target = '_blank';
		link.rel = 'noopener';
		link.textContent = filled( words.shared, found[ 1 ] );
		told.replaceChildren( link );
	}

	function look( told, path, looks ) {
		wp.apiFetch( { path: path } ).then( function ( field ) {
			var isNew = field.url !== told.dataset.url || field.error !== told.dataset.error;
			if ( isNew && ( field.url || field.error ) ) {
				show( told, field );
			} else if ( looks < LOOKS ) {
				setTimeout( look, LOOK_EVERY, told, path, looks + 1 );
			}
		}, function () {} );
	}

	function shareAgain( told, path, button ) {
		button.disabled = true;
		wp.apiFetch( { path: path + '/again', method: 'POST' } )
			.then(
				function ( done ) {
					told.textContent = done.message;
					look( told, path, 1 );
				},
				function ( error ) {
					told.textContent = error.message;
				}
			)
			.then( function () {
				button.disabled = false;
			} );
	}

	// There is a button where the post is public.
	document.addEventListener( 'DOMContentLoaded', function () {
		var told = document.querySelector( '.howdah-told' );
		var button = document.querySelector( '.howdah-again' );
		if ( ! told || ! button ) {
			return;
		}
		var path = '/howdah/v1/posts/' + button.dataset.post;
		button.addEventListener( 'click', function () {
			// eslint-disable-next-line no-alert
			if ( window.confirm( words.sure ) ) {
				shareAgain( told, path, button );
			}
		} );
		if ( ! told.dataset.url && ! told.dataset.error ) {
			look( told, path, 1 );
		}
	} );
} )( window.wp, window.howdahWords );
